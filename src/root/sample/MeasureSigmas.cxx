// How far all values of leaves spread: what bounds in sigmas are multiples of.
#include "basket/FindTrees.h"
#include "basket/LockedReads.h"
#include "basket/RowReader.h"
#include "sample/ColumnLeaf.h"
#include "sample/SampleFiles.h"
#include "support/Check.h"
#include "support/Parallel.h"
#include "support/Progress.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <atomic>
#include <functional>
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

void AddBranch(const LeavesOfBranch &leaves)
{
   TBranch &branch = *leaves[0]->fLeaf.fBranch;
   const Long64_t entries = branch.GetEntries();
   const auto bytes = static_cast<std::size_t>(std::max<Long64_t>(branch.GetTotBytes(), 1));
   const auto atOnce = static_cast<Long64_t>(
      std::max<std::size_t>(kBytesAtOnce * static_cast<std::size_t>(std::max<Long64_t>(entries, 1)) / bytes, 1));
   RowReader reader(branch, leaves[0]->fLeaf.fLayout);
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

   /// Reads the leaves; `step` is called now and then with how many are done.
   void Add(SampleFiles &files, const std::string &file, const std::function<void(std::size_t)> &step)
   {
      TTree &tree = GetTree(files.Open(file), fLeaves.fTree, files.Trap());
      ReadWithoutCache(tree);
      std::vector<LeavesOfBranch> branches;
      for (std::size_t i = 0; i < fSpreads.size(); ++i) {
         Find(fSpreads[i], files.Names(tree), fLeaves.fBranches[i]);
         if (branches.empty() || branches.back()[0]->fLeaf.fBranch != fSpreads[i].fLeaf.fBranch)
            branches.emplace_back();
         branches.back().push_back(&fSpreads[i]);
      }
      std::atomic<std::size_t> done{0};
      const auto add = [&](std::size_t i) {
         AddBranch(branches[i]);
         done += branches[i].size();
      };
      ForEach(branches.size(), add, [&] { step(done); });
   }

   std::size_t Leaves() const { return fSpreads.size(); }

   TreeSigmas Sigmas() const
   {
      TreeSigmas sigmas;
      for (const LeafSpread &leaf : fSpreads) {
         LeafSigma &found = sigmas.fLeaves.emplace_back();
         Check(rb_spread_sigma(leaf.fSpread.get(), &found.fSigma));
         std::int32_t isWhole = 0, onlyGrows = 0;
         Check(rb_spread_habits(leaf.fSpread.get(), &isWhole, &onlyGrows));
         found.fIsWhole = isWhole != 0;
         found.fOnlyGrows = onlyGrows != 0;
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
      for (Internal::TreeSpreads &tree : trees) {
         const auto step = [&](std::size_t leaves) { Internal::Report(progress, "measuring", done + leaves, total); };
         tree.Add(open, file, step);
         done += tree.Leaves();
      }
   std::vector<TreeSigmas> sigmas;
   for (const Internal::TreeSpreads &tree : trees)
      sigmas.push_back(tree.Sigmas());
   return sigmas;
}

} // namespace RootBaler
