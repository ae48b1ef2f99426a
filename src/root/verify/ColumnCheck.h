// Comparing branches of numbers against their bounds, quickly.
#ifndef ROOTBALER_TOOLS_COLUMNCHECK_H
#define ROOTBALER_TOOLS_COLUMNCHECK_H

#include "basket/BasketLayout.h"
#include "basket/RowReader.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// The bound that a file promises for a branch or a leaf.
using BoundOf = std::function<std::string(const std::string &)>;

/// Compares one branch before and after, both of the same layout, a range of entries at a time.
class ColumnCheck {
public:
   /// Room that checks can share.
   struct Scratch {
      Rows fBefore;
      Rows fAfter;
      std::vector<char> fLeafBefore;
      std::vector<char> fLeafAfter;
   };

   /// Adds its bound to that of `check`.
   ColumnCheck(TBranch &before, TBranch &after, const BasketLayout &layout, const BoundOf &boundOf, BranchCheck &check);

   /// Compares the entries [first, end).
   void Run(Long64_t first, Long64_t end, Scratch &scratch);
   /// Adds worst error, values and violations to `check`, which several columns may share.
   void Finish();

private:
   void CheckEntries(Long64_t first, std::size_t count, Scratch &scratch);
   void Violations(Long64_t entry, std::size_t count);

   const BasketLayout fLayout;
   BranchCheck &fCheck;
   BranchCheck fFound; ///< of this column alone
   const Long64_t fEntries; ///< of the branch: a tree may have more
   RowReader fReadBefore;
   RowReader fReadAfter;
   std::vector<std::shared_ptr<const RbColumn>> fPromises; ///< of the leaves
};

} // namespace Internal
} // namespace RootBaler

#endif
