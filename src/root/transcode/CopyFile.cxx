#include "transcode/CopyFile.h"

#include "basket/FindTrees.h"
#include "codec/BranchKind.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"
#include "support/Progress.h"

#include <TClass.h>
#include <TDirectory.h>
#include <TProcessID.h>
#include <TVirtualIndex.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace RootBaler {
namespace Internal {

namespace {

constexpr Long64_t kMaxClusterEntries = 100000;
// Of a cluster, each branch has its basket in both trees, and a buffer for what it is compressed to.
constexpr Long64_t kMaxClusterBytes = 48LL * 1024 * 1024;
// Readers that find them in their cache (of 64 MB for each thread) decode no basket twice.
constexpr Long64_t kMaxContextBytes = 48LL * 1024 * 1024;
// ROOT splits baskets of more than 16 MB; entries differ in size, so this leaves room.
constexpr Long64_t kMaxBasketBytes = 8LL * 1024 * 1024;
constexpr Long64_t kReportEvery = 1024;

/// One copy in progress.
class FileCopier {
public:
   FileCopier(TFile &in, TFile &out, const CopyPolicy &policy, const Progress &progress, ErrorTrap &trap)
      : fIn(in), fOut(out), fPolicy(policy), fProgress(progress), fTrap(trap)
   {
   }

   void Run()
   {
      for (const std::string &path : TreePaths(fIn, fTrap))
         fTotal += static_cast<std::uint64_t>(GetTree(fIn, path, fTrap).GetEntries());
      CopyDirectory(fIn, fOut, "");
      if (fPolicy.fFinish)
         fPolicy.fFinish(fOut);
      Report(fProgress, fPolicy.fStage, fTotal, fTotal);
   }

private:
   void CopyDirectory(TDirectory &from, TDirectory &to, const std::string &prefix)
   {
      WarnOfOlderCycles(from);
      for (TKey *key : CurrentKeys(from)) {
         const std::string path = prefix + key->GetName();
         if (IsDirectory(*key))
            CopySubdirectory(from, to, *key, path);
         else if (IsTree(*key))
            CopyTree(to, path);
         else if (!IsWrittenByRoot(*key) && !IsCodec(key->GetClassName()))
            CopyObject(to, *key, path);
         CheckWritten(path);
      }
   }

   // An older cycle of a tree is only what TTree::AutoSave left: the newest has all its entries.
   static void WarnOfOlderCycles(TDirectory &dir)
   {
      for (TObject *object : *dir.GetListOfKeys()) {
         const auto *key = static_cast<TKey *>(object);
         if (dir.GetKey(key->GetName()) != key && !IsTree(*key))
            Warning("RootBaler", "%s:%s;%d is an older cycle and is not copied", dir.GetPath(), key->GetName(),
                    key->GetCycle());
      }
   }

   // ROOT writes the keys of its process identifiers when an object that needs them is written
   static bool IsWrittenByRoot(const TKey &key)
   {
      return TProcessID::Class()->GetName() == std::string(key.GetClassName());
   }

   void CopySubdirectory(TDirectory &from, TDirectory &to, TKey &key, const std::string &path)
   {
      TDirectory *source = from.GetDirectory(key.GetName());
      TDirectory *target = to.mkdir(key.GetName(), key.GetTitle());
      if (!source || !target)
         fTrap.Throw(EStatus::kCorrupt, "cannot copy directory '" + path + "' of '" + fIn.GetName() + "'");
      CopyDirectory(*source, *target, path + "/");
   }

   void CopyObject(TDirectory &to, TKey &key, const std::string &path)
   {
      const std::string className = key.GetClassName();
      if (className.find("RNTuple") != std::string::npos)
         throw Error(EStatus::kIncompatible, "'" + path + "' in '" + fIn.GetName() +
                                                "' is an RNTuple, which cannot be copied: move the trees to a file of "
                                                "their own, e.g. with rootcp");
      TClass *cl = TClass::GetClass(className.c_str());
      void *object = cl ? key.ReadObjectAny(cl) : nullptr;
      if (!object || fTrap.HasError())
         fTrap.Throw(cl ? EStatus::kCorrupt : EStatus::kMissing,
                     "cannot read '" + path + "' of class " + className + " in '" + fIn.GetName() + "'" +
                        (cl ? "" : ": load the library with its dictionary"));
      const Int_t bytes = to.WriteObjectAny(object, cl, key.GetName());
      cl->Destructor(object);
      if (bytes <= 0 || fTrap.HasError())
         fTrap.Throw(EStatus::kIO, "cannot write '" + path + "' to '" + fOut.GetName() + "'");
      // WriteObjectAny takes the title of no object that is not a TNamed
      if (TKey *copy = to.GetKey(key.GetName()))
         copy->SetTitle(key.GetTitle());
   }

   void CopyTree(TDirectory &to, const std::string &path)
   {
      TTree &in = GetTree(fIn, path, fTrap);
      if (in.GetEntries() < 0)
         throw Error(EStatus::kCorrupt, "tree '" + path + "' of '" + fIn.GetName() + "' is damaged");
      in.SetCacheSize(0);
      const std::vector<TBranch *> kept = SelectBranches(in, path);
      const TDirectory::TContext context(&to);
      std::unique_ptr<TTree> out(in.CloneTree(0));
      if (!out || fTrap.HasError())
         fTrap.Throw(EStatus::kCorrupt, "cannot copy the structure of tree '" + path + "' of '" + fIn.GetName() + "'");
      out->SetDirectory(&to);
      out->SetAutoSave(0);
      // every branch ends its basket where the cluster ends, however large it has grown
      out->SetBit(TTree::kOnlyFlushAtCluster);
      RemoveCodecs(*out);
      for (TObject *branch : *out->GetListOfBranches())
         StoreOffsets(*static_cast<TBranch *>(branch));
      fPolicy.fPrepareTree(in, *out, path);
      CopyEntries(in, kept, *out, path);
      if (fPolicy.fTreeDone)
         fPolicy.fTreeDone(*out);
      if (in.GetTreeIndex() && !out->GetTreeIndex())
         out->SetTreeIndex(static_cast<TVirtualIndex *>(in.GetTreeIndex()->Clone()));
      out->SetAutoSave(in.GetAutoSave());
      if (to.WriteTObject(out.get(), nullptr, "overwrite") <= 0 || fTrap.HasError())
         fTrap.Throw(EStatus::kIO, "cannot write tree '" + path + "' to '" + fOut.GetName() + "': is the disk full?");
      out->ResetBranchAddresses();
      out.reset();
      in.ResetBranchAddresses();
   }

   // The offsets that ROOT 6.40 makes from counters when reading are wrong but for who begins at a basket's first
   // entry.
   static void StoreOffsets(TBranch &branch)
   {
      ROOT::TIOFeatures features = branch.GetIOFeatures();
      features.Clear(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
      branch.SetIOFeatures(features);
   }

   // What is copied; the others are hidden from TTree::CloneTree, which would leave out what was hidden before.
   std::vector<TBranch *> SelectBranches(TTree &in, const std::string &path)
   {
      std::vector<TBranch *> kept;
      for (TObject *object : *in.GetListOfBranches()) {
         auto *branch = static_cast<TBranch *>(object);
         const bool isKept = !fPolicy.fIsKept || fPolicy.fIsKept(path, *branch);
         Hide(*branch, !isKept);
         if (isKept)
            kept.push_back(branch);
      }
      return kept;
   }

   static void Hide(TBranch &branch, bool isHidden)
   {
      branch.SetBit(kDoNotProcess, isHidden);
      for (TObject *sub : *branch.GetListOfBranches())
         Hide(*static_cast<TBranch *>(sub), isHidden);
   }

   void CopyEntries(TTree &in, const std::vector<TBranch *> &branches, TTree &out, const std::string &path)
   {
      const Long64_t entries = in.GetEntries();
      for (Long64_t entry = 0; entry < entries; ++entry, ++fDone) {
         // branch by branch: TTree::GetEntry would also read the tree's friends
         for (TBranch *branch : branches) {
            if (branch->GetEntry(entry, 1) < 0 || fTrap.HasError())
               fTrap.Throw(EStatus::kCorrupt, "cannot read entry " + std::to_string(entry) + " of branch '" +
                                                 branch->GetName() + "' in tree '" + path + "' of '" + fIn.GetName() +
                                                 "': get an intact copy of the file");
         }
         if (out.Fill() < 0 || fTrap.HasError())
            fTrap.Throw(EStatus::kIO, "cannot write entry " + std::to_string(entry) + " of tree '" + path + "' to '" +
                                         fOut.GetName() + "': is the disk full?");
         if (entry % kReportEvery == 0)
            Report(fProgress, fPolicy.fStage, fDone, fTotal);
      }
      out.FlushBaskets();
   }

   void CheckWritten(const std::string &path)
   {
      if (fTrap.HasError() || fOut.TestBit(TFile::kWriteError))
         fTrap.Throw(EStatus::kIO, "cannot write '" + path + "' to '" + fOut.GetName() + "': is the disk full?");
   }

   TFile &fIn;
   TFile &fOut;
   const CopyPolicy &fPolicy;
   const Progress &fProgress;
   ErrorTrap &fTrap;
   std::uint64_t fDone = 0;
   std::uint64_t fTotal = 0;
};

/// A tree that outgrows this limit would go on in another file.
class NoTreeSizeLimit {
public:
   NoTreeSizeLimit() : fLimit(TTree::GetMaxTreeSize())
   {
      TTree::SetMaxTreeSize(std::numeric_limits<Long64_t>::max());
   }
   ~NoTreeSizeLimit() { TTree::SetMaxTreeSize(fLimit); }

private:
   const Long64_t fLimit;
};

} // namespace

void SetCompression(TBranch &branch, int setting)
{
   branch.SetCompressionSettings(setting);
   for (TObject *sub : *branch.GetListOfBranches())
      SetCompression(*static_cast<TBranch *>(sub), setting);
}

Long64_t ClusterEntries(TTree &tree, std::uint64_t contextBytes)
{
   const Long64_t entries = std::max<Long64_t>(tree.GetEntries(), 1);
   const Long64_t entryBytes = std::max<Long64_t>(tree.GetTotBytes() / entries, 1);
   const Long64_t entryContexts = std::max<Long64_t>(static_cast<Long64_t>(contextBytes) / entries, 1);
   Long64_t most = std::clamp<Long64_t>(kMaxClusterBytes / entryBytes, 1, kMaxClusterEntries);
   most = std::clamp<Long64_t>(kMaxContextBytes / entryContexts, 1, most);
   for (TObject *branch : *tree.GetListOfBranches()) {
      const Long64_t bytes = std::max<Long64_t>(static_cast<TBranch *>(branch)->GetTotBytes("*") / entries, 1);
      most = std::clamp<Long64_t>(kMaxBasketBytes / bytes, 1, most);
   }
   // equal clusters: a short last one would be coded without having filled its tables
   const Long64_t clusters = (entries + most - 1) / most;
   return (entries + clusters - 1) / clusters;
}

void CopyFile(const std::string &in, const std::string &out, const CopyPolicy &policy, const Progress &progress)
{
   ErrorTrap trap;
   const NoTreeSizeLimit noLimit;
   const auto source = OpenForReading(in, trap);
   const auto target = OpenForWriting(out, source->GetTitle(), trap);
   FileCopier(*source, *target, policy, progress, trap).Run();
   target->Close();
   if (trap.HasError() || target->TestBit(TFile::kWriteError))
      trap.Throw(EStatus::kIO, "cannot finish '" + out + "': is the disk full?");
}

} // namespace Internal
} // namespace RootBaler
