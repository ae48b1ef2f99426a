// How far all values of leaves spread: what bounds in sigmas are multiples of.
#include "basket/FindTrees.h"
#include "basket/RowReader.h"
#include "sample/ColumnLeaf.h"
#include "sample/SampleFiles.h"
#include "support/Check.h"
#include "support/Progress.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kBytesAtOnce = 1 << 20;

struct SpreadDeleter {
   void operator()(RbSpread *spread) const { rb_spread_free(spread); }
};

/// The values of one leaf, of all files.
struct LeafSpread {
   std::unique_ptr<RbSpread, SpreadDeleter> fSpread;
   std::optional<RbType> fType;
   ColumnLeaf fLeaf; ///< in the file that is being read
};

void Find(LeafSpread &spread, const BranchNames &names, const std::string &name)
{
   spread.fLeaf = FindLeaf(names, name);
   if (spread.fType && *spread.fType != spread.fLeaf.fType)
      throw Error(EStatus::kBadArgument, "branch '" + name + "' of tree '" + names.Tree().GetName() +
                                            "' has different types in different files: compress them one by one");
   if (spread.fType)
      return;
   RbSpread *raw = nullptr;
   Check(rb_spread_new(spread.fLeaf.fType, &raw), "branch '" + name + "'");
   spread.fSpread.reset(raw);
   spread.fType = spread.fLeaf.fType;
}

// The branch is read once for all of its leaves.
using LeavesOfBranch = std::vector<LeafSpread *>;

void AddRows(const LeavesOfBranch &leaves, const std::vector<char> &rows, std::vector<char> &values)
{
   const std::size_t rowSize = leaves[0]->fLeaf.fLayout.RowSize();
   for (LeafSpread *spread : leaves) {
      const ColumnLeaf &leaf = spread->fLeaf;
      const std::vector<char> *own = &rows;
      if (leaf.fSize != rowSize) {
         TakeLeaf(rows, rowSize, leaf.fOffset, leaf.fSize, values);
         own = &values;
      }
      Check(rb_spread_add(spread->fSpread.get(), own->data(), own->size() / WidthOf(leaf.fType)));
   }
}

void AddBranch(const LeavesOfBranch &leaves, ErrorTrap &trap)
{
   TBranch &branch = *leaves[0]->fLeaf.fBranch;
   const Long64_t entries = branch.GetEntries();
   const auto bytes = static_cast<std::size_t>(std::max<Long64_t>(branch.GetTotBytes(), 1));
   const auto atOnce = static_cast<Long64_t>(
      std::max<std::size_t>(kBytesAtOnce * static_cast<std::size_t>(std::max<Long64_t>(entries, 1)) / bytes, 1));
   RowReader reader(branch, leaves[0]->fLeaf.fLayout, trap);
   Rows rows;
   std::vector<char> values;
   for (Long64_t first = 0; first < entries; first += atOnce) {
      rows.fBytes.clear();
      rows.fCounts.clear();
      reader.Read(first, static_cast<std::size_t>(std::min(atOnce, entries - first)), rows);
      AddRows(leaves, rows.fBytes, values);
   }
}

/// The leaves of one tree, of all files.
class TreeSpreads {
public:
   explicit TreeSpreads(const TreeBranches &leaves) : fLeaves(leaves), fSpreads(leaves.fBranches.size()) {}

   /// Reads the leaves; `step` is called before each of them.
   template <typename Step>
   void Add(SampleFiles &files, const std::string &file, const Step &step)
   {
      ErrorTrap &trap = files.Trap();
      TTree &tree = GetTree(files.Open(file), fLeaves.fTree, trap);
      tree.SetCacheSize(0);
      LeavesOfBranch ofBranch;
      for (std::size_t i = 0; i < fSpreads.size(); ++i) {
         step();
         Find(fSpreads[i], files.Names(tree), fLeaves.fBranches[i]);
         if (!ofBranch.empty() && ofBranch[0]->fLeaf.fBranch != fSpreads[i].fLeaf.fBranch) {
            AddBranch(ofBranch, trap);
            ofBranch.clear();
         }
         ofBranch.push_back(&fSpreads[i]);
      }
      if (!ofBranch.empty())
         AddBranch(ofBranch, trap);
   }

   TreeSigmas Sigmas() const
   {
      TreeSigmas sigmas;
      for (const LeafSpread &leaf : fSpreads) {
         sigmas.fSigmas.emplace_back();
         Check(rb_spread_sigma(leaf.fSpread.get(), &sigmas.fSigmas.back()));
      }
      return sigmas;
   }

private:
   const TreeBranches &fLeaves;
   std::vector<LeafSpread> fSpreads;
};

} // namespace

} // namespace Internal

std::vector<TreeSigmas> MeasureSigmas(const std::vector<std::string> &files, const std::vector<TreeBranches> &leaves,
                                      const Progress &progress)
{
   std::uint64_t done = 0;
   std::uint64_t total = 0;
   std::vector<Internal::TreeSpreads> trees;
   for (const TreeBranches &tree : leaves) {
      trees.emplace_back(tree);
      total += tree.fBranches.size() * files.size();
   }
   Internal::SampleFiles open;
   for (const std::string &file : files)
      for (Internal::TreeSpreads &tree : trees)
         tree.Add(open, file, [&] { Internal::Report(progress, "measuring", done++, total); });
   std::vector<TreeSigmas> sigmas;
   for (const Internal::TreeSpreads &tree : trees)
      sigmas.push_back(tree.Sigmas());
   return sigmas;
}

} // namespace RootBaler
