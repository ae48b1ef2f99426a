// Cycles of a tree that share baskets: TTree::AutoSave, hadd, and who writes a tree twice leave older ones behind,
// which have the baskets up to some entry.
#ifndef ROOTBALER_TREETABLES_H
#define ROOTBALER_TREETABLES_H

#include "transcode/BranchPair.h"

#include <TTree.h>

#include <map>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Where the baskets of trees went that are copied already.
class TreeTables {
public:
   /// If a tree was copied whose first baskets are those of this one, and some begins where this one ends, gives the
   /// copy `to` its tables up to there and true.
   bool Take(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to) const;
   /// Remembers the tables of a copy.
   void Add(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to);

private:
   struct Basket {
      Long64_t fEntry, fSeek;
      Int_t fBytes;
   };
   struct Table {
      std::vector<Basket> fBefore, fAfter; ///< of the original and of the copy
      Int_t fCompress;
      ROOT::TIOFeatures fFeatures;
      Long64_t fEntryNumber;
   };
   struct Tables {
      Long64_t fAutoFlush;
      Int_t fClusterRanges;
      std::vector<Table> fOfBranches;
   };

   static std::vector<Basket> BasketsOf(TBranch &branch);
   static bool IsPrefix(TBranch &branch, const Table &table);

   std::map<std::string, std::vector<Tables>> fKnown; ///< by path
};

} // namespace Internal
} // namespace RootBaler

#endif
