// A compressed file with fewer branches, its values as they are.
#include "basket/BasketLayout.h"
#include "basket/FindTrees.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"
#include "transcode/CopyFile.h"
#include "transcode/ModelSavings.h"
#include "RootBaler/Tools.h"

#include <TLeaf.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

// Branches that we compressed are compressed again, at their level; not those whose kind we do not code.
void LeaveOthers(TBranch &copy)
{
   if (IsOurs(copy) && !LayoutOf(copy))
      copy.SetCompressionSettings(kOrdinarySetting);
   for (TObject *sub : *copy.GetListOfBranches())
      LeaveOthers(*static_cast<TBranch *>(sub));
}

void AddWithCounters(TBranch &branch, std::set<std::string> &names)
{
   if (!names.insert(branch.GetName()).second)
      return;
   for (TObject *object : *branch.GetListOfLeaves()) {
      const TLeaf *count = static_cast<TLeaf *>(object)->GetLeafCount();
      if (count && count->GetBranch())
         AddWithCounters(*count->GetBranch()->GetMother(), names);
   }
}

/// The branches that are asked for, with their counters.
class Selection {
public:
   Selection(TFile &file, const std::vector<TreeBranches> &kept, ErrorTrap &trap)
   {
      bool hasOurs = false;
      for (const std::string &path : TreePaths(file, trap)) {
         TTree &tree = GetTree(file, path, trap);
         const auto isAsked = [&path](const TreeBranches &candidate) { return candidate.fTree == path; };
         const auto asked = std::find_if(kept.begin(), kept.end(), isAsked);
         std::set<std::string> &names = fNames[path];
         if (asked == kept.end())
            for (TObject *branch : *tree.GetListOfBranches())
               names.insert(branch->GetName());
         else
            for (const std::string &name : asked->fBranches)
               AddWithCounters(Find(tree, path, name), names);
         for (TObject *branch : *tree.GetListOfBranches())
            hasOurs |= IsOurs(*static_cast<TBranch *>(branch));
      }
      if (!hasOurs)
         throw Error(EStatus::kBadArgument, std::string("'") + file.GetName() +
                                               "' has no branch compressed by RootBaler: use ROOT's rootslimtree");
   }

   bool Has(const std::string &path, const TBranch &branch) const
   {
      const auto names = fNames.find(path);
      return names != fNames.end() && names->second.count(branch.GetName()) != 0;
   }

   std::vector<TreeBranches> List() const
   {
      std::vector<TreeBranches> list;
      for (const auto &[path, names] : fNames)
         list.push_back({path, {names.begin(), names.end()}});
      return list;
   }

private:
   static TBranch &Find(TTree &tree, const std::string &path, const std::string &name)
   {
      if (auto *branch = static_cast<TBranch *>(tree.GetListOfBranches()->FindObject(name.c_str())))
         return *branch;
      throw Error(EStatus::kMissing, "tree '" + path + "' has no branch '" + name + "'");
   }

   std::map<std::string, std::set<std::string>> fNames; ///< by path of the tree
};

/// What is to be different from how the file is coded.
struct Changes {
   std::set<std::string> fExact; ///< trees
   std::set<ULong64_t> fBare;    ///< models, without their networks
};

ModelSavings CopySelected(const std::string &in, const std::string &out, const Selection &selection,
                          const Changes &changes, const Progress &progress)
{
   ModelSavings savings;
   CopyPolicy policy;
   policy.fStage = "repacking";
   policy.fIsKept = [&](const std::string &path, TBranch &branch) { return selection.Has(path, branch); };
   policy.fPrepareTree = [&](TTree &source, TTree &copy, const std::string &path) {
      bool hasOurs = false;
      for (TObject *object : *copy.GetListOfBranches()) {
         auto &branch = *static_cast<TBranch *>(object);
         hasOurs |= IsOurs(branch);
         LeaveOthers(branch);
      }
      if (hasOurs)
         AttachCodecOf(source, copy, changes.fExact.count(path) != 0, changes.fBare);
   };
   policy.fTreeDone = [&savings](TTree &copy) { savings.Add(copy); };
   CopyFile(in, out, policy, progress);
   return savings;
}

void Remove(const std::string &out)
{
   if (std::remove(out.c_str()) != 0)
      throw Error(EStatus::kIO, "cannot write '" + out + "' anew");
}

} // namespace

} // namespace Internal

VerifyReport Repack(const std::string &in, const std::string &out, const std::vector<TreeBranches> &kept,
                    const Progress &progress)
{
   const Internal::Selection selection = [&] {
      Internal::ErrorTrap trap;
      return Internal::Selection(*Internal::OpenForReading(in, trap), kept, trap);
   }();
   VerifyOptions options;
   options.fBound = "lossless";
   options.fOnly = selection.List();
   Internal::Changes changes;
   changes.fBare = Internal::CopySelected(in, out, selection, changes, progress).Unpaid();
   if (!changes.fBare.empty()) {
      Internal::Remove(out);
      Internal::CopySelected(in, out, selection, changes, progress);
   }
   VerifyReport report = Verify(in, out, options, progress);
   // A tree that hadd made of files with different models has values of them all, but names the first file's models.
   for (const BranchCheck &check : report.fBranches)
      if (check.fViolations != 0)
         changes.fExact.insert(check.fTree);
   if (changes.fExact.empty())
      return report;
   Internal::Remove(out);
   Internal::CopySelected(in, out, selection, changes, progress);
   report = Verify(in, out, options, progress);
   for (const std::string &tree : changes.fExact)
      report.fComparison += "; tree '" + tree + "' has values of several models and is stored without loss";
   return report;
}

} // namespace RootBaler
