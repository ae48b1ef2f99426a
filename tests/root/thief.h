// ROOT's parallel unzip, where a thread that waits for its basket unzips others meanwhile
// (TTreeCacheUnzip::GetUnzipBuffer): here all that the cache holds, before each basket that is read.
#ifndef ROOTBALER_TEST_THIEF_H
#define ROOTBALER_TEST_THIEF_H

#include <TFile.h>
#include <TTree.h>
#include <TTreeCacheUnzip.h>

class Thief : public TTreeCacheUnzip {
public:
   using TTreeCacheUnzip::TTreeCacheUnzip;
   Int_t GetUnzipBuffer(char **buf, Long64_t pos, Int_t len, bool *free) override
   {
      for (Int_t i = 0; i < fNseek && !fIsLearning && fIsTransferred; ++i)
         if (fUnzipState.TryUnzipping(i)) {
            UnzipCache(i);
            ++fStolen;
         }
      return TTreeCacheUnzip::GetUnzipBuffer(buf, pos, len, free);
   }
   int fStolen = 0;
};

#endif
