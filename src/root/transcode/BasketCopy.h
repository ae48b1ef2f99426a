// The baskets of branches that are not compressed anew: they keep their bytes, or get ROOT's zstd where that is
// smaller, several together where they are small. Baskets of ours become ordinary ones.
#ifndef ROOTBALER_BASKETCOPY_H
#define ROOTBALER_BASKETCOPY_H

#include "transcode/BranchPair.h"

#include <TFile.h>

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

class BasketCopy {
public:
   /// `tree` names the tree in messages.
   BasketCopy(const BranchPair &pair, TFile &from, TFile &to, const std::string &tree);

   /// Copies the baskets that begin before the entry `end` and were not copied yet.
   void CopyUpTo(Long64_t end);
   /// To be called when all are copied.
   void Finish();

private:
   using Record = std::vector<char>;

   bool IsThere(Int_t number) const;
   Record Read(Int_t number) const;
   std::string What(Int_t number) const;
   void CopyRun(Int_t first, const std::vector<Record> &records);
   void Store(Int_t first, Record record);
   void Decode(Int_t number);
   void Keep(Int_t number);

   TBranch &fFrom;
   TBranch &fTo;
   TFile &fFromFile;
   TFile &fToFile;
   const std::string &fTree;
   const Int_t fBaskets;  ///< of the original, those in memory included
   const bool fJoins;     ///< small ones are put together
   Int_t fNext = 0;       ///< of the original: the one to copy next
   Int_t fWritten = 0;    ///< of the copy
};

} // namespace Internal
} // namespace RootBaler

#endif
