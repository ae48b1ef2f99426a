// Every value of every branch against its bound.
#include "basket/FindTrees.h"
#include "basket/LockedReads.h"
#include "codec/BranchKind.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"
#include "support/Parallel.h"
#include "support/Progress.h"
#include "verify/ColumnCheck.h"
#include "verify/EntryCheck.h"
#include "verify/KeyCheck.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

std::set<std::string> TopNames(TTree &tree)
{
   std::set<std::string> names;
   for (TObject *branch : *tree.GetListOfBranches())
      names.insert(branch->GetName());
   return names;
}

bool IsSame(const BasketLayout &one, const BasketLayout &other)
{
   const auto isSameLeaf = [](const LeafLayout &a, const LeafLayout &b) {
      return a.fType == b.fType && a.fCount == b.fCount;
   };
   return one.fIsVariable == other.fIsVariable && one.fStreamed == other.fStreamed &&
          std::equal(one.fLeaves.begin(), one.fLeaves.end(), other.fLeaves.begin(), other.fLeaves.end(), isSameLeaf);
}

/// What is promised of each branch or leaf, and what was asked for.
struct Bounds {
   BoundOf fBoundOf;
   BoundOf fRequestOf;
};

// How many of a branch's bytes are floats, and for how many of those a bound was asked: that of equal values is 0 in
// sigmas, which is none.
void AddFloats(TBranch &branch, const BranchNames &names, const BoundOf &requestOf, BranchCheck &check)
{
   const auto layout = LayoutOf(branch);
   if (!layout)
      return;
   const bool isBounded = BoundLayout(names, branch).has_value();
   const std::uint64_t rows = RowsOf(branch, *layout) * layout->fRowsPerEntry;
   for (const LeafLayout &leaf : layout->fLeaves) {
      if (!layout->fIsPacked && !IsFloating(leaf.fType))
         continue;
      const std::uint64_t bytes = rows * leaf.fCount * WidthOf(leaf.fType);
      check.fFloatBytes += bytes;
      if (isBounded && requestOf(BoundName(branch, *layout, leaf)) != "lossless")
         check.fBoundedBytes += bytes;
   }
}

/// One comparison of two files in progress.
class Verifier {
public:
   /// `promises` is the file whose codecs say what the bounds are.
   Verifier(TFile &before, TFile &after, TFile &promises, const VerifyOptions &options, const Progress &progress,
            ErrorTrap &trap)
      : fBefore(before), fAfter(after), fPromises(promises), fOptions(options), fProgress(progress), fTrap(trap)
   {
   }

   VerifyReport Run()
   {
      fReport.fFileBytesBefore = static_cast<std::uint64_t>(fBefore.GetSize());
      fReport.fFileBytesAfter = static_cast<std::uint64_t>(fAfter.GetSize());
      const auto pathsBefore = TreePaths(fBefore, fTrap);
      const auto pathsAfter = TreePaths(fAfter, fTrap);
      const std::set<std::string> known(pathsBefore.begin(), pathsBefore.end());
      const std::set<std::string> there(pathsAfter.begin(), pathsAfter.end());
      for (const std::string &path : pathsAfter)
         if (known.count(path) == 0)
            fReport.fProblems.push_back("tree '" + path + "' is not in the original");
      for (const std::string &path : pathsBefore)
         fTotal += Work(GetTree(fBefore, path, fTrap));
      for (const std::string &path : pathsBefore) {
         if (there.count(path) == 0)
            fReport.fProblems.push_back("tree '" + path + "' is missing");
         else
            CheckTree(path);
      }
      for (const std::string &problem : CheckKeys(fBefore, fAfter, fTrap))
         fReport.fProblems.push_back(problem);
      CheckOlder(); // the last, as it hides the newest
      Report(fProgress, "verifying", fTotal, fTotal);
      fReport.fComparison = Comparison();
      return std::move(fReport);
   }

private:
   std::string Comparison() const
   {
      const std::string promises = std::string("'") + fPromises.GetName() + "' promises";
      if (fOptions.fBound == "lossless")
         return "every value was compared bit by bit";
      if (!fOptions.fBound.empty())
         return "every value was compared within " + fOptions.fBound + ", those that are not floats bit by bit";
      return fHasPromises ? "every value was compared within the bounds that " + promises
                          : "every value was compared bit by bit, as " + promises +
                               " no bounds; compare with others by --bound or --bounds-of";
   }

   // What counts: what the options say, or else the promises of a tree; without one nothing may change.
   Bounds BoundsOf(TTree *promises)
   {
      if (!fOptions.fBound.empty() || !promises) {
         const std::string bound = fOptions.fBound.empty() ? "lossless" : fOptions.fBound;
         const auto same = [bound](const std::string &) { return bound; };
         return {same, same};
      }
      const TreeCodec codec(*promises);
      fHasPromises |= codec.IsThere();
      return {[codec](const std::string &name) { return codec.BoundOf(name); },
              [codec](const std::string &name) { return codec.RequestOf(name); }};
   }

   // Whether the branch is to be compared at all.
   bool IsAsked(const std::string &path, const std::string &branch) const
   {
      const auto isTree = [&path](const TreeBranches &only) { return only.fTree == path; };
      const auto only = std::find_if(fOptions.fOnly.begin(), fOptions.fOnly.end(), isTree);
      return only == fOptions.fOnly.end() ||
             std::find(only->fBranches.begin(), only->fBranches.end(), branch) != only->fBranches.end();
   }

   // Older cycles of trees: no lines of their own, but what is wrong with them.
   void CheckOlder()
   {
      const auto originals = OlderTrees(fBefore, fTrap), copies = OlderTrees(fAfter, fTrap);
      const auto promising = &fPromises == &fAfter ? copies : OlderTrees(fPromises, fTrap);
      const auto read = [this](const std::vector<OlderTree> &trees, const std::string &name) -> TTree * {
         const auto isIt = [&name](const OlderTree &tree) { return tree.fName == name; };
         const auto tree = std::find_if(trees.begin(), trees.end(), isIt);
         return tree == trees.end() ? nullptr : &ReadTree(*tree->fDirectory, *tree->fKey, name, fTrap);
      };
      for (const OlderTree &tree : originals) {
         TTree *after = read(copies, tree.fName);
         if (!after)
            continue; // CheckKeys() says so
         TTree *promises = &fPromises == &fAfter ? after : read(promising, tree.fName);
         TTree &before = ReadTree(*tree.fDirectory, *tree.fKey, tree.fName, fTrap);
         fTotal += Work(before);
         for (const BranchCheck &check : Compare(tree.fName, tree.fPath, before, *after, BoundsOf(promises)))
            if (check.fViolations != 0)
               fReport.fProblems.push_back("branch '" + check.fBranch + "' of '" + tree.fName + "' has " +
                                           std::to_string(check.fViolations) + " values outside its bound " +
                                           check.fBound);
      }
   }

   void CheckTree(const std::string &path)
   {
      TTree &before = GetTree(fBefore, path, fTrap), &after = GetTree(fAfter, path, fTrap);
      TTree *promises = fOptions.fBound.empty() ? &GetTree(fPromises, path, fTrap) : nullptr;
      const auto checks = Compare(path, path, before, after, BoundsOf(promises));
      fReport.fBranches.insert(fReport.fBranches.end(), checks.begin(), checks.end());
   }

   // All branches that are asked for; what is missing is a problem.
   std::deque<BranchCheck> Compare(const std::string &label, const std::string &path, TTree &before, TTree &after,
                                   const Bounds &bounds)
   {
      std::deque<BranchCheck> checks;
      ReadWithoutCache(before);
      ReadWithoutCache(after);
      if (before.GetEntries() != after.GetEntries()) {
         fReport.fProblems.push_back("tree '" + label + "' has " + std::to_string(after.GetEntries()) +
                                     " entries instead of " + std::to_string(before.GetEntries()));
         return checks;
      }
      const auto names = TopNames(before);
      for (const std::string &name : TopNames(after))
         if (names.count(name) == 0)
            fReport.fProblems.push_back("branch '" + name + "' of tree '" + label + "' is not in the original");
      const BranchNames namesBefore(before), namesAfter(after);
      std::deque<ColumnCheck> columns;
      for (Int_t i = 0; i < before.GetListOfBranches()->GetEntriesFast(); ++i) {
         auto *one = static_cast<TBranch *>(before.GetListOfBranches()->At(i));
         if (!IsAsked(path, one->GetName()))
            continue;
         // by position first: names need not be unique in a tree
         TObjArray &others = *after.GetListOfBranches();
         auto *other = i < others.GetEntriesFast() ? static_cast<TBranch *>(others.UncheckedAt(i)) : nullptr;
         if (!other || std::string(other->GetName()) != one->GetName())
            other = static_cast<TBranch *>(others.FindObject(one->GetName()));
         if (!other)
            fReport.fProblems.push_back(std::string("branch '") + one->GetName() + "' of tree '" + label +
                                        "' is missing");
         else
            AddBranch(label, namesBefore, *one, namesAfter, *other, bounds, checks, columns);
      }
      CheckColumns(after, columns);
      return checks;
   }

   static std::uint64_t Work(TTree &tree)
   {
      return static_cast<std::uint64_t>(tree.GetEntries()) *
             static_cast<std::uint64_t>(tree.GetListOfBranches()->GetEntriesFast());
   }

   void AddBranch(const std::string &path, const BranchNames &namesBefore, TBranch &before,
                  const BranchNames &namesAfter, TBranch &after, const Bounds &bounds, std::deque<BranchCheck> &checks,
                  std::deque<ColumnCheck> &columns)
   {
      BranchCheck &check = checks.emplace_back();
      check.fTree = path;
      check.fBranch = before.GetName();
      check.fBytesBefore = ZipBytes(before);
      check.fBytesAfter = ZipBytes(after);
      check.fRawBytes = TotBytes(before);
      AddBranches(namesBefore, before, namesAfter, after, bounds, check, columns);
      if (check.fBound.empty())
         check.fBound = "exact";
   }

   // A branch and those below it. Objects are compared at once, columns later.
   void AddBranches(const BranchNames &namesBefore, TBranch &before, const BranchNames &namesAfter, TBranch &after,
                    const Bounds &bounds, BranchCheck &check, std::deque<ColumnCheck> &columns)
   {
      const auto layout = BoundLayout(namesBefore, before);
      const auto layoutAfter = BoundLayout(namesAfter, after);
      AddFloats(before, namesBefore, bounds.fRequestOf, check);
      if (layout && layoutAfter && IsSame(*layout, *layoutAfter)) {
         columns.emplace_back(before, after, *layout, bounds.fBoundOf, check);
         if (HaveSameBaskets(before, after)) {
            columns.pop_back();
            check.fValues += RowsOf(before, *layout);
         }
      } else {
         Report(fProgress, "verifying", fDone, fTotal);
         CheckEntries(before, after, check);
      }
      TObjArray &ones = *before.GetListOfBranches(), &others = *after.GetListOfBranches();
      if (ones.GetEntriesFast() != others.GetEntriesFast() && check.fViolations++ == 0)
         check.fFirstViolation = 0;
      for (Int_t i = 0; i < std::min(ones.GetEntriesFast(), others.GetEntriesFast()); ++i)
         AddBranches(namesBefore, *static_cast<TBranch *>(ones.UncheckedAt(i)), namesAfter,
                     *static_cast<TBranch *>(others.UncheckedAt(i)), bounds, check, columns);
   }

   // Cluster by cluster: a basket that others need is then decoded once, and kept until the last of them has used it.
   void CheckColumns(TTree &after, std::deque<ColumnCheck> &columns)
   {
      auto clusters = after.GetClusterIterator(0);
      const Long64_t entries = after.GetEntries();
      for (Long64_t first = 0; first < entries;) {
         clusters.Next();
         const Long64_t end = std::clamp(clusters.GetNextEntry(), first + 1, entries);
         const auto check = [&](std::size_t i) {
            static thread_local ColumnCheck::Scratch scratch;
            columns[i].Run(first, end, scratch);
            fDone += static_cast<std::uint64_t>(end - first);
         };
         ForEach(columns.size(), check, [&] { Report(fProgress, "verifying", fDone, fTotal); });
         first = end;
      }
      for (ColumnCheck &column : columns)
         column.Finish();
   }

   TFile &fBefore;
   TFile &fAfter;
   TFile &fPromises;
   const VerifyOptions &fOptions;
   const Progress &fProgress;
   ErrorTrap &fTrap;
   VerifyReport fReport;
   std::atomic<std::uint64_t> fDone{0};
   std::uint64_t fTotal = 0;
   bool fHasPromises = false;
};

} // namespace

} // namespace Internal

bool VerifyReport::Passed() const
{
   if (!fProblems.empty())
      return false;
   for (const BranchCheck &check : fBranches)
      if (check.fViolations != 0)
         return false;
   return true;
}

VerifyReport Verify(const std::string &original, const std::string &compressed, const VerifyOptions &options,
                    const Progress &progress)
{
   if (!options.fBound.empty()) {
      CheckBound(options.fBound);
      if (options.fBound.rfind("rel-sigma=", 0) == 0)
         throw Error(EStatus::kBadArgument, "a bound " + options.fBound +
                                               " is resolved when the model is made: name "
                                               "the compressed file as the one whose bounds count (--bounds-of)");
   }
   Internal::ErrorTrap trap;
   const auto before = Internal::OpenForReading(original, trap);
   const auto after = Internal::OpenForReading(compressed, trap);
   const auto other = options.fBoundsOf.empty() ? nullptr : Internal::OpenForReading(options.fBoundsOf, trap);
   return Internal::Verifier(*before, *after, other ? *other : *after, options, progress, trap).Run();
}

} // namespace RootBaler
