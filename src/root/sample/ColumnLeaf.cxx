#include "sample/ColumnLeaf.h"

#include "RootBaler/Error.h"

#include <TFile.h>
#include <TTree.h>

#include <optional>

namespace RootBaler {
namespace Internal {

namespace {

std::optional<ColumnLeaf> LeafIn(const BranchNames &names, TBranch &branch, const std::string &name)
{
   const auto layout = BoundLayout(names, branch);
   if (!layout)
      return {};
   ColumnLeaf column{&branch, *layout};
   for (const LeafLayout &leaf : layout->fLeaves) {
      column.fSize = leaf.fCount * WidthOf(leaf.fType);
      column.fType = leaf.fType;
      if (BoundName(branch, *layout, leaf) == name)
         return column;
      column.fOffset += column.fSize;
   }
   return {};
}

} // namespace

ColumnLeaf FindLeaf(const BranchNames &names, const std::string &name)
{
   TTree &tree = names.Tree();
   TBranch *branch = names.Find(name);
   if (!branch && name.find('.') != std::string::npos)
      branch = names.Find(name.substr(0, name.rfind('.')));
   const auto column = branch ? LeafIn(names, *branch, name) : std::nullopt;
   if (!column)
      throw Error(EStatus::kMissing, std::string("tree '") + tree.GetName() + "' of '" +
                                        tree.GetCurrentFile()->GetName() + "' has no branch of numbers '" + name + "'");
   return *column;
}

} // namespace Internal
} // namespace RootBaler
