// Which branches get a bound, which can be columns of a group, and how branches are named.
#ifndef ROOTBALER_TOOLS_BRANCHKIND_H
#define ROOTBALER_TOOLS_BRANCHKIND_H

#include "basket/BasketLayout.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>
#include <TObjArray.h>
#include <TTree.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace RootBaler {
namespace Internal {

inline bool IsFloating(RbType type)
{
   return type == RB_F32 || type == RB_F64;
}

/// The branches of a tree by name, those below others included.
class BranchNames {
public:
   explicit BranchNames(TTree &tree);

   TTree &Tree() const { return fTree; }
   std::vector<std::string> All() const;
   /// The branch with this name; the first of several, or nullptr.
   TBranch *Find(const std::string &name) const;
   bool IsUnique(const std::string &name) const { return fTimes.count(name) && fTimes.at(name).second == 1; }

private:
   void Add(TObjArray &branches);

   TTree &fTree;
   std::unordered_map<std::string, std::pair<TBranch *, std::size_t>> fTimes; ///< the first one, and how many there are
};

/// The layout of a branch that may get bounds: of numbers alone, with nothing below it, under a name that no other
/// branch of the tree has; nothing for others, which may not change at all.
std::optional<BasketLayout> BoundLayout(const BranchNames &names, TBranch &branch);

/// Under what name the codec knows a leaf: the branch's, or "branch.leaf" in a leaf list.
std::string BoundName(TBranch &branch, const BasketLayout &layout, const LeafLayout &leaf);

/// The names of all floats of a tree that may get bounds.
std::set<std::string> BoundNames(const BranchNames &names);

/// Adds a bound to a list of them for people, each once, of many only that there are.
void AddBound(const std::string &bound, std::string &list);

/// Name, type and sizes of a top-level branch, and what of it and of those below it gets a bound.
BranchInfo InfoOf(const BranchNames &names, TBranch &branch);

/// Rows (of elements, if it has several in an entry) of a branch with this layout, from its size.
std::uint64_t RowsOf(TBranch &branch, const BasketLayout &layout);

/// Bytes in the file and before compression, sub-branches of all depths included.
std::uint64_t ZipBytes(TBranch &branch);
std::uint64_t TotBytes(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
