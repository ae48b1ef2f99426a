#include "SnapshotCodecs.h"

#include "../FileId.h"
#include "RootBaler/Snapshot.h"

#include <ROOT/TBufferMerger.hxx>
#include <TDirectory.h>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
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

// By the UUID of the file: a later file with the same name is another one.
std::map<std::string, Expected> &All()
{
   static auto *all = new std::map<std::string, Expected>;
   return *all;
}

bool IsOpen(const std::string &id)
{
   R__LOCKGUARD(gROOTMutex);
   for (TObject *object : *gROOT->GetListOfFiles()) {
      auto *file = dynamic_cast<TFile *>(object);
      if (file && file->IsWritable() && id == FileId(*file))
         return true;
   }
   return false;
}

} // namespace

SnapshotFile::SnapshotFile(const std::string &tree, const std::string &path, const Codec &codec,
                           const ROOT::RDF::RSnapshotOptions &options)
   : fOptions(options)
{
   if (options.fOutputFormat == ROOT::RDF::ESnapshotOutputFormat::kRNTuple)
      throw Error(EStatus::kBadArgument, "Snapshot of " + tree + " to " + path +
                                            ": RootBaler writes trees, not RNTuples; use the output format kTTree");
   const int setting = Setting(options.fCompressionLevel > 0 ? options.fCompressionLevel : 5);
   TDirectory::TContext keep; // the user's gDirectory
   std::unique_ptr<TFile> file{TFile::Open(path.c_str(), options.fMode.c_str(), "", setting)};
   if (!file || file->IsZombie() || !file->IsWritable())
      throw Error(EStatus::kIO, "Snapshot of " + tree + ": " + path + " cannot be opened with mode " + options.fMode +
                                   "; see ROOT's message above");
   file->SetCompressionSettings(setting); // a file that was there has its own
   codec.WriteKey(file.get());
   fId = FileId(*file);
   {
      std::lock_guard<std::mutex> lock(Mutex());
      All()[fId] = {tree.substr(tree.rfind('/') + 1), file->GetName(), std::make_shared<Codec>(codec)};
   }
   file->Close();
   // ROOT takes the setting of a file that is there from the file. From its options, it would clamp it.
   fOptions.fMode = "UPDATE";
   fOptions.fOutputFormat = ROOT::RDF::ESnapshotOutputFormat::kTTree;
   fOptions.fCompressionAlgorithm = ROOT::RCompressionSetting::EAlgorithm::kZSTD; // or ROOT 6.38 talks of its default
}

SnapshotFile::~SnapshotFile()
{
   if (fOptions.fLazy)
      return; // it runs later, and nobody tells when
   std::lock_guard<std::mutex> lock(Mutex());
   All().erase(fId);
}

bool IsMergedLater(TFile &file)
{
   return dynamic_cast<ROOT::TBufferMergerFile *>(&file) != nullptr;
}

std::shared_ptr<const Codec> SnapshotCodecOf(TTree &tree)
{
   TFile *file = tree.GetCurrentFile();
   if (!file)
      return nullptr;
   std::string id = FileId(*file);
   std::shared_ptr<const Codec> codec;
   {
      std::lock_guard<std::mutex> lock(Mutex());
      for (const auto &entry : All()) {
         // The trees of threads are in files of their own, which have the name of the file that they will be merged into.
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
