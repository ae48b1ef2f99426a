// Cycles of a tree that have the same baskets: ROOT leaves an older one behind when a tree is written twice.
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
   /// If a tree with the same baskets was copied, gives the copy `to` its tables and true.
   bool Take(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to) const;
   /// Remembers the tables of a copy.
   void Add(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to);

private:
   struct Table {
      Int_t fCompress, fWriteBasket;
      Long64_t fEntryNumber, fTotBytes, fZipBytes;
      ROOT::TIOFeatures fFeatures;
      std::vector<Int_t> fBytes;
      std::vector<Long64_t> fEntries, fSeeks;
   };
   struct Tables {
      Long64_t fAutoFlush;
      Int_t fClusterRanges;
      std::vector<Table> fOfBranches;
   };
   using Key = std::vector<Long64_t>;

   static Key KeyOf(const std::vector<BranchPair> &pairs);

   std::map<std::pair<std::string, Key>, Tables> fKnown;
};

} // namespace Internal
} // namespace RootBaler

#endif
