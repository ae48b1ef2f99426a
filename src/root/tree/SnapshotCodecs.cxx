#include "tree/SnapshotCodecs.h"

#include "support/FileId.h"
#include "support/MergedLater.h"
#include "RootBaler/Snapshot.h"

#include <TDirectory.h>
#include <TFile.h>
#include <TROOT.h>
#include <TSystem.h>
#include <TTree.h>
#include <TUrl.h>
#include <TVirtualMutex.h>

#include <map>
#include <mutex>

namespace RootBaler {
namespace Internal {

namespace {

struct Expected {
   std::string fTree; // without its folder
   std::string fFile; // as TFile::GetName() has it
   std::shared_ptr<const Codec> fCodec;
};

std::mutex &Mutex()
{
   static auto *mutex = new std::mutex;
   return *mutex;
}

// By the number of the file: a later file with the same name is another one.
std::map<std::uint64_t, Expected> &All()
{
   static auto *all = new std::map<std::uint64_t, Expected>;
   return *all;
}

template <typename IsIt>
TFile *FindWritable(IsIt isIt)
{
   R__LOCKGUARD(gROOTMutex);
   for (TObject *object : *gROOT->GetListOfFiles()) {
      auto *file = dynamic_cast<TFile *>(object);
      if (file && file->IsWritable() && isIt(*file))
         return file;
   }
   return nullptr;
}

bool IsOpen(std::uint64_t id)
{
   return FindWritable([id](TFile &file) { return id == FileId(file); }) != nullptr;
}

TFile *FindPath(const std::string &path)
{
   TString expanded(path);
   gSystem->ExpandPathName(expanded); // as TFile::Open does
   const std::string url = TUrl(expanded, true).GetUrl();
   return FindWritable([&](const TFile &file) { // a remote file may end at another server
      return expanded == file.GetName() || url == TUrl(*file.GetEndpointUrl()).GetUrl();
   });
}

} // namespace

SnapshotFile::SnapshotFile(const std::string &tree, const std::string &path, const Codec &codec,
                           const ROOT::RDF::RSnapshotOptions &options)
   : fTree(tree), fPath(path), fCodec(codec),
     fSetting(Setting(options.fCompressionLevel > 0 ? options.fCompressionLevel : 5))
{
   if (options.fOutputFormat == ROOT::RDF::ESnapshotOutputFormat::kRNTuple)
      throw Error(EStatus::kBadArgument, "Snapshot of " + tree + " to " + path +
                                            ": RootBaler writes trees, not RNTuples; use the output format kTTree");
}

void SnapshotFile::Prepare()
{
   std::call_once(fOnce, [this] { GiveSetting(); });
}

void SnapshotFile::GiveSetting()
{
   TFile *file = FindPath(fPath);
   if (!file)
      throw Error(EStatus::kIO, "Snapshot of " + fTree + ": " + fPath +
                                   " is not among the files that ROOT has open; write to a local path, and copy it");
   file->SetCompressionSettings(fSetting); // from its options, ROOT would clamp it
   fCodec.WriteKey(file);
   fId = FileId(*file);
   std::lock_guard<std::mutex> lock(Mutex());
   All()[fId] = {fTree.substr(fTree.rfind('/') + 1), file->GetName(), std::make_shared<Codec>(fCodec)};
}

SnapshotFile::~SnapshotFile()
{
   std::lock_guard<std::mutex> lock(Mutex());
   All().erase(fId);
}

std::shared_ptr<const Codec> SnapshotCodecOf(TTree &tree)
{
   TFile *file = tree.GetCurrentFile();
   if (!file)
      return nullptr;
   std::uint64_t id = FileId(*file);
   std::shared_ptr<const Codec> codec;
   {
      std::lock_guard<std::mutex> lock(Mutex());
      for (const auto &entry : All()) {
         // The trees of threads are in files of their own, with the name of the file that they will be merged into.
         const bool isIts = entry.first == id || (IsMergedLater(*file) && entry.second.fFile == file->GetName());
         if (isIts && entry.second.fTree == tree.GetName()) {
            id = entry.first;
            codec = entry.second.fCodec;
         }
      }
   }
   return codec && IsOpen(id) ? codec : nullptr;
}

} // namespace Internal
} // namespace RootBaler
