#include "codec/BranchKind.h"

#include "basket/BasketCheck.h"

#include <TLeaf.h>
#include <TObjArray.h>

#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

std::string TypeOf(TBranch &branch)
{
   if (branch.IsA() != TBranch::Class())
      return branch.GetClassName();
   std::string text;
   for (TObject *obj : *branch.GetListOfLeaves()) {
      auto *leaf = static_cast<TLeaf *>(obj);
      if (!text.empty())
         text += ",";
      text += leaf->GetTypeName();
      if (leaf->GetLeafCount())
         text += std::string("[") + leaf->GetLeafCount()->GetName() + "]";
      if (leaf->GetLenStatic() > 1)
         text += "[" + std::to_string(leaf->GetLenStatic()) + "]";
   }
   return text;
}

} // namespace

BranchNames::BranchNames(TTree &tree) : fTree(tree)
{
   Add(*tree.GetListOfBranches());
}

void BranchNames::Add(TObjArray &branches)
{
   for (TObject *object : branches) {
      auto *branch = static_cast<TBranch *>(object);
      auto &known = fTimes.emplace(branch->GetName(), std::pair(branch, std::size_t(0))).first->second;
      ++known.second;
      Add(*branch->GetListOfBranches());
   }
}

std::vector<std::string> BranchNames::All() const
{
   std::vector<std::string> all;
   for (const auto &one : fTimes)
      all.push_back(one.first);
   return all;
}

TBranch *BranchNames::Find(const std::string &name) const
{
   const auto known = fTimes.find(name);
   return known == fTimes.end() ? nullptr : known->second.first;
}

std::optional<BasketLayout> BoundLayout(const BranchNames &names, TBranch &branch)
{
   if (branch.GetListOfBranches()->GetEntriesFast() != 0 || !names.IsUnique(branch.GetName()) || !IsWhole(branch))
      return {};
   auto layout = LayoutOf(branch);
   return layout && !layout->fIsPacked ? layout : std::nullopt;
}

std::string BoundName(TBranch &branch, const BasketLayout &layout, const LeafLayout &leaf)
{
   return layout.fLeaves.size() > 1 ? std::string(branch.GetName()) + "." + leaf.fName : branch.GetName();
}

// What takes four bytes for each entry are entry offsets.
std::uint64_t RowsOf(TBranch &branch, const BasketLayout &layout)
{
   const auto entries = static_cast<std::uint64_t>(branch.GetEntries());
   if (!layout.fIsVariable)
      return entries;
   const auto bytes = static_cast<std::uint64_t>(branch.GetTotBytes());
   const std::uint64_t offsets = MakesOffsets(branch) ? 0 : entries * sizeof(Int_t);
   const std::uint64_t others = offsets + (layout.fStreamed ? entries * BasketLayout::kStreamedHeader : 0);
   return bytes > others ? (bytes - others) / layout.RowSize() : 0;
}

void AddBound(const std::string &bound, std::string &list)
{
   constexpr std::size_t kMost = 48; // characters: two or three of them
   const std::string kMany = "various";
   if (list == kMany || (", " + list + ",").find(", " + bound + ",") != std::string::npos)
      return;
   list += (list.empty() ? "" : ", ") + bound;
   if (list.size() > kMost)
      list = kMany;
}

std::uint64_t ZipBytes(TBranch &branch)
{
   std::uint64_t bytes = static_cast<std::uint64_t>(branch.GetZipBytes());
   for (TObject *sub : *branch.GetListOfBranches())
      bytes += ZipBytes(*static_cast<TBranch *>(sub));
   return bytes;
}

std::uint64_t TotBytes(TBranch &branch)
{
   std::uint64_t bytes = static_cast<std::uint64_t>(branch.GetTotBytes());
   for (TObject *sub : *branch.GetListOfBranches())
      bytes += TotBytes(*static_cast<TBranch *>(sub));
   return bytes;
}

namespace {

void AddBoundNames(const BranchNames &names, TBranch &branch, std::vector<std::string> &bounds)
{
   if (const auto layout = BoundLayout(names, branch))
      for (const LeafLayout &leaf : layout->fLeaves)
         if (IsFloating(leaf.fType))
            bounds.push_back(BoundName(branch, *layout, leaf));
   for (TObject *sub : *branch.GetListOfBranches())
      AddBoundNames(names, *static_cast<TBranch *>(sub), bounds);
}

void AddColumns(const BranchNames &names, TBranch &branch, std::vector<GroupColumn> &columns)
{
   const auto layout = BoundLayout(names, branch);
   const auto type = layout ? ColumnType(branch) : std::nullopt;
   TBranch *counter = CounterOf(branch);
   if (type && IsJagged(branch) == (counter != nullptr))
      columns.push_back({branch.GetName(), NameOf(*type), counter ? counter->GetName() : "", ElementsPerCount(branch),
                         RowsOf(branch, *layout)});
   for (TObject *sub : *branch.GetListOfBranches())
      AddColumns(names, *static_cast<TBranch *>(sub), columns);
}

} // namespace

std::set<std::string> BoundNames(const BranchNames &names)
{
   std::vector<std::string> found;
   for (TObject *branch : *names.Tree().GetListOfBranches())
      AddBoundNames(names, *static_cast<TBranch *>(branch), found);
   return {found.begin(), found.end()};
}

BranchInfo InfoOf(const BranchNames &names, TBranch &branch)
{
   BranchInfo info;
   info.fName = branch.GetName();
   info.fType = TypeOf(branch);
   info.fRows = static_cast<std::uint64_t>(branch.GetEntries());
   if (const auto layout = BoundLayout(names, branch))
      info.fRows = RowsOf(branch, *layout);
   AddBoundNames(names, branch, info.fBoundNames);
   AddColumns(names, branch, info.fColumns);
   info.fSetting = branch.GetCompressionSettings();
   info.fTotBytes = TotBytes(branch);
   info.fZipBytes = ZipBytes(branch);
   return info;
}

} // namespace Internal
} // namespace RootBaler
