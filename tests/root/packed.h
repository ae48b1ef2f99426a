// A class with members in all the ways in which ROOT packs floating point, and arrays.
#ifndef ROOTBALER_TEST_PACKED_H
#define ROOTBALER_TEST_PACKED_H

#include <Rtypes.h>

struct Packed {
   Float16_t fShort;     //
   Float16_t fShortBits; //[0,0,9]
   Float16_t fShortRange; //[-100,100,14]
   Double32_t fPlain;    //
   Double32_t fBits;     //[0,0,11]
   Double32_t fRange;    //[0,100,20]
   Float_t fFloats[3];   //
   Int_t fInts[2][2];    //
   Double32_t fRanges[2]; //[0,100,20]
   Float16_t fShorts[2]; //
};

#endif
