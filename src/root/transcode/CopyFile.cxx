#include "transcode/CopyFile.h"

#include "basket/FindTrees.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"
#include "support/Progress.h"
#include "transcode/CopyTree.h"
#include "transcode/OutputFile.h"
#include "transcode/RecordCopy.h"
#include "transcode/SmallTrees.h"
#include "RootBaler/Tools.h"

#include <TClass.h>
#include <TDirectoryFile.h>
#include <TProcessID.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

void RequireCopyable(TFile &file, ErrorTrap &trap)
{
   const std::string path = FirstNTuple(file, trap);
   if (!path.empty())
      throw Error(EStatus::kIncompatible, "'" + path + "' in '" + file.GetName() +
                                             "' is an RNTuple, which cannot be copied: move the trees to a file of "
                                             "their own, e.g. with rootcp");
}

/// One copy in progress.
class FileCopier {
public:
   FileCopier(TFile &in, TFile &out, const CopyPolicy &policy, const Progress &progress, ErrorTrap &trap)
      : fIn(in), fOut(out), fPolicy(policy), fProgress(progress), fTrap(trap)
   {
   }

   void Run()
   {
      RequireCopyable(fIn, fTrap);
      Look(fIn, "");
      CopyDirectory(fIn, fOut, "");
      // the newest cycle first: the others may have nothing that it has not
      for (auto place = fTrees.rbegin(); place != fTrees.rend(); ++place)
         CopyOne(*place);
      Restore();
      Report(fProgress, fPolicy.fStage, fTotal, fTotal);
   }

private:
   struct TreePlace {
      TreeToCopy fTree;
      TDirectory *fTo;
   };

   static std::vector<TKey *> Keys(TDirectory &dir)
   {
      std::vector<TKey *> keys;
      for (TObject *key : *dir.GetListOfKeys())
         keys.push_back(static_cast<TKey *>(key));
      return keys;
   }

   // What cannot be read is said before anything is written.
   void Look(TDirectory &dir, const std::string &prefix)
   {
      for (TKey *key : Keys(dir)) {
         const std::string path = prefix + key->GetName();
         if (IsDirectory(*key)) {
            Look(Subdirectory(dir, *key, fTrap), path + "/");
         } else if (IsTree(*key)) {
            TTree &tree = ReadTree(dir, *key, path, fTrap);
            fTotal += static_cast<std::uint64_t>(std::max<Long64_t>(tree.GetEntries(), 0));
            fRead[key] = &tree;
         }
      }
   }

   // Trees come last: what was written for small files can then be copied, however large the trees are.
   void CopyDirectory(TDirectory &from, TDirectory &to, const std::string &prefix)
   {
      std::vector<TKey *> keys = Keys(from);
      std::reverse(keys.begin(), keys.end()); // the newest of a name is first in the list, and was written last
      for (TKey *key : keys) {
         const std::string path = prefix + key->GetName();
         if (IsDirectory(*key)) {
            auto *sub = new TDirectoryFile(key->GetName(), key->GetTitle(), "", &to);
            if (sub->IsZombie() || !to.GetListOfKeys()->FindObject(key->GetName()))
               fTrap.Throw(EStatus::kIncompatible,
                           "directory '" + path + "' of '" + fIn.GetName() + "' cannot be made in another file");
            CopyDirectory(Subdirectory(from, *key, fTrap), *sub, path + "/");
         } else if (IsTree(*key)) {
            fTrees.push_back({{fRead.at(key), key, path, OlderEnds(from, *key)}, &to});
         } else if (!IsCodec(key->GetClassName())) {
            CopyKey(*key, fIn, to);
            if (TProcessID::Class()->GetName() == std::string(key->GetClassName()))
               fOut.IncrementProcessIDs(); // the next one gets the next number
         }
      }
      fOrders.push_back({&from, &to});
   }

   // Where older cycles of a tree end: there a basket ends in its copy, too, so that theirs can be the same.
   std::vector<Long64_t> OlderEnds(TDirectory &dir, TKey &key) const
   {
      std::vector<Long64_t> ends;
      for (TKey *other : Keys(dir))
         if (other->GetCycle() < key.GetCycle() && std::string(other->GetName()) == key.GetName() && IsTree(*other))
            ends.push_back(fRead.at(other)->GetEntries());
      std::sort(ends.begin(), ends.end());
      return ends;
   }

   void CopyOne(TreePlace &place)
   {
      Report(fProgress, fPolicy.fStage, fDone, fTotal);
      const auto done = [this](Long64_t entries) {
         fDone += static_cast<std::uint64_t>(entries);
         Report(fProgress, fPolicy.fStage, fDone, fTotal);
      };
      const CopyPolicy policy = SmallerPolicy(place.fTree, fPolicy, fTrap);
      CopyTree(place.fTree, *place.fTo, policy, fTables, done, fTrap);
      if (fOut.TestBit(TFile::kWriteError))
         fTrap.Throw(EStatus::kIO,
                     "cannot write '" + place.fTree.fPath + "' to '" + fOut.GetName() + "': is the disk full?");
   }

   // The keys of each directory in their order; what has come in addition (codecs) is behind them.
   void Restore()
   {
      for (const auto &[from, to] : fOrders) {
         std::map<std::pair<std::string, Int_t>, TObject *> there;
         const auto all = Keys(*to);
         for (TKey *key : all)
            there[{key->GetName(), key->GetCycle()}] = key;
         TList &keys = *to->GetListOfKeys();
         keys.Clear("nodelete");
         std::set<TObject *> added;
         for (TKey *key : Keys(*from)) {
            const auto copy = there.find({key->GetName(), key->GetCycle()});
            if (copy != there.end() && added.insert(copy->second).second)
               keys.Add(copy->second);
         }
         for (TKey *key : all)
            if (added.insert(key).second)
               keys.Add(key);
      }
   }

   TFile &fIn;
   TFile &fOut;
   const CopyPolicy &fPolicy;
   const Progress &fProgress;
   ErrorTrap &fTrap;
   std::map<TKey *, TTree *> fRead;
   TreeTables fTables;
   std::vector<TreePlace> fTrees;
   std::vector<std::pair<TDirectory *, TDirectory *>> fOrders;
   std::uint64_t fDone = 0;
   std::uint64_t fTotal = 0;
};

} // namespace

void CopyFile(const std::string &in, const std::string &out, const CopyPolicy &policy, const Progress &progress)
{
   ErrorTrap trap;
   const auto source = OpenForReading(in, trap);
   const TDirectory::TContext context;
   const int setting = policy.fSetting ? policy.fSetting : source->GetCompressionSettings();
   OutputFile target(out, *source, setting, trap);
   FileCopier(*source, target, policy, progress, trap).Run();
   target.Close();
   if (target.TestBit(TFile::kWriteError))
      trap.Throw(EStatus::kIO, "cannot finish '" + out + "': is the disk full?");
}

} // namespace Internal

void CheckInput(const std::string &path)
{
   Internal::ErrorTrap trap;
   Internal::RequireCopyable(*Internal::OpenForReading(path, trap), trap);
}

} // namespace RootBaler
