// A tree whose branches have names in Latin-1: ROOT takes any bytes.
#ifndef ROOTBALER_TESTS_NAMES_H
#define ROOTBALER_TESTS_NAMES_H

#include "data.h"

#include <TTree.h>

namespace Names {

constexpr int kEntries = 20000;
const char *kCounter = "n\xf6", *kArray = "gr\xf6sse", *kScalar = "y\xe4";

struct Event {
   int fN = 0;
   float fArray[8] = {};
   float fScalar = 0;

   void Fill(int entry)
   {
      fN = entry % 5;
      for (int i = 0; i < fN; ++i)
         fArray[i] = std::sin(0.37f * entry + i);
      fScalar = std::cos(0.11f * entry);
   }
};

} // namespace Names

#endif
