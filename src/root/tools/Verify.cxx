// Every value of every branch against its bound.
#include "BranchKind.h"
#include "CodecLink.h"
#include "ColumnCheck.h"
#include "CoreCall.h"
#include "ObjectCheck.h"
#include "OpenFile.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

std::set<std::string> BranchNames(TTree &tree)
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
   return one.fIsVariable == other.fIsVariable &&
          std::equal(one.fLeaves.begin(), one.fLeaves.end(), other.fLeaves.begin(), other.fLeaves.end(), isSameLeaf);
}

/// One comparison of two files in progress.
class Verifier {
public:
   Verifier(TFile &before, TFile &after, const Progress &progress, ErrorTrap &trap)
      : fBefore(before), fAfter(after), fProgress(progress), fTrap(trap)
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
         fTotal += static_cast<std::uint64_t>(GetTree(fBefore, path, fTrap).GetListOfBranches()->GetEntriesFast());
      for (const std::string &path : pathsBefore) {
         if (there.count(path) == 0)
            fReport.fProblems.push_back("tree '" + path + "' is missing");
         else
            CheckTree(path);
      }
      Report(fProgress, "verifying", fTotal, fTotal);
      return std::move(fReport);
   }

private:
   void CheckTree(const std::string &path)
   {
      TTree &before = GetTree(fBefore, path, fTrap);
      TTree &after = GetTree(fAfter, path, fTrap);
      before.SetCacheSize(0);
      after.SetCacheSize(0);
      if (before.GetEntries() != after.GetEntries()) {
         fReport.fProblems.push_back("tree '" + path + "' has " + std::to_string(after.GetEntries()) +
                                     " entries instead of " + std::to_string(before.GetEntries()));
         return;
      }
      const auto names = BranchNames(before);
      for (const std::string &name : BranchNames(after))
         if (names.count(name) == 0)
            fReport.fProblems.push_back("branch '" + name + "' of tree '" + path + "' is not in the original");
      const TreeCodec codec(after);
      for (Int_t i = 0; i < before.GetListOfBranches()->GetEntriesFast(); ++i, ++fDone) {
         auto *one = static_cast<TBranch *>(before.GetListOfBranches()->At(i));
         // by position first: names need not be unique in a tree
         auto *other = static_cast<TBranch *>(after.GetListOfBranches()->At(i));
         if (!other || std::string(other->GetName()) != one->GetName())
            other = static_cast<TBranch *>(after.GetListOfBranches()->FindObject(one->GetName()));
         if (!other)
            fReport.fProblems.push_back(std::string("branch '") + one->GetName() + "' of tree '" + path +
                                        "' is missing");
         else
            CheckBranch(path, before, *one, after, *other, codec);
      }
   }

   void CheckBranch(const std::string &path, TTree &treeBefore, TBranch &before, TTree &treeAfter, TBranch &after,
                    const TreeCodec &codec)
   {
      Report(fProgress, "verifying", fDone, fTotal);
      BranchCheck check;
      check.fTree = path;
      check.fBranch = before.GetName();
      check.fBytesBefore = ZipBytes(before);
      check.fBytesAfter = ZipBytes(after);
      check.fRawBytes = TotBytes(before);
      const auto layout = BoundLayout(treeBefore, before);
      const auto layoutAfter = BoundLayout(treeAfter, after);
      if (layout && layoutAfter && IsSame(*layout, *layoutAfter)) {
         CheckColumn(before, after, *layout, [&codec](const std::string &name) { return codec.BoundOf(name); }, check,
                     fTrap);
      } else {
         check.fBound = "exact";
         CheckObjects(before, after, check, fTrap);
      }
      fReport.fBranches.push_back(std::move(check));
   }

   TFile &fBefore;
   TFile &fAfter;
   const Progress &fProgress;
   ErrorTrap &fTrap;
   VerifyReport fReport;
   std::uint64_t fDone = 0;
   std::uint64_t fTotal = 0;
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

VerifyReport Verify(const std::string &original, const std::string &compressed, const Progress &progress)
{
   Internal::ErrorTrap trap;
   const auto before = Internal::OpenForReading(original, trap);
   const auto after = Internal::OpenForReading(compressed, trap);
   return Internal::Verifier(*before, *after, progress, trap).Run();
}

} // namespace RootBaler
