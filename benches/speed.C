/// \file speed.C
/// How long writing a file's branches and reading its float and double branches take, beside ROOT's own settings: one
/// process, CPU time, medians of several rounds, the methods in turn within each round. All branches are written, as
/// networks see the integers, too.
///
/// `files` names files that `rootbaler compress` made of `input`, as "name=path name=path ...": their models and
/// bounds are used to write the same branches anew. `scripts/speed.sh` makes such files.

#include "../root_macros/columns.h"

#include <RootBaler/Codec.h>

#include <TError.h>
#include <TMemFile.h>
#include <TTreeCache.h>

#include <cmath>
#include <ctime>

R__LOAD_LIBRARY(libRootBaler)

namespace Bench {

double Seconds()
{
   timespec t;
   clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
   return t.tv_sec + 1e-9 * t.tv_nsec;
}

struct Method {
   TString fName;
   int fSetting;
   TString fFrom; ///< file with the codecs, or none
   std::vector<double> fWrite, fRead;
   Long64_t fBytes = 0;
};

double Median(std::vector<double> values)
{
   std::sort(values.begin(), values.end());
   return values.empty() ? NAN : values[values.size() / 2];
}

/// Switches on the float branches and the counters they need.
void SelectFloats(TTree &tree)
{
   tree.SetBranchStatus("*", false);
   for (auto *leaf : Columns::FloatLeaves(tree)) {
      leaf->GetBranch()->ResetBit(kDoNotProcess);
      if (leaf->GetLeafCount())
         leaf->GetLeafCount()->GetBranch()->ResetBit(kDoNotProcess);
   }
}

/// The same trees without compression, in memory, and how many values of floats they have.
std::unique_ptr<TMemFile> InMemory(const char *input, Long64_t &values)
{
   auto in = Columns::Open(input);
   auto memory = std::make_unique<TMemFile>("speed_input.root", "RECREATE", "", 0);
   for (auto *tree : Columns::Trees(*in)) {
      const auto floats = Columns::FloatLeaves(*tree);
      memory->cd();
      auto *copy = tree->CloneTree(0);
      copy->GetUserInfo()->Clear();
      for (Long64_t entry = 0; entry < tree->GetEntries(); ++entry) {
         tree->GetEntry(entry);
         copy->Fill();
         for (auto *leaf : floats)
            values += leaf->GetLen();
      }
      copy->Write();
      delete copy;
   }
   return memory;
}

void Write(TMemFile &memory, Method &method, const TString &path)
{
   TFile out(path, "RECREATE", "", method.fFrom.IsNull() ? method.fSetting : 505);
   std::unique_ptr<TFile> models;
   if (!method.fFrom.IsNull())
      models = Columns::Open(method.fFrom);
   double writing = 0;
   for (auto *tree : Columns::Trees(memory)) {
      // reading uncompressed baskets costs the same for all, and is taken off
      double start = Seconds();
      for (Long64_t entry = 0; entry < tree->GetEntries(); ++entry)
         tree->GetEntry(entry);
      writing -= Seconds() - start;
      out.cd();
      auto *copy = tree->CloneTree(0);
      copy->SetAutoFlush(30000);
      // as `rootbaler compress` does for all its files: one basket for each cluster, with ROOT's methods too
      copy->SetBit(TTree::kOnlyFlushAtCluster);
      if (models) {
         auto *from = models->Get<TTree>(tree->GetName());
         auto *codec = from ? RootBaler::Codec::Of(from) : nullptr;
         if (!codec)
            throw std::runtime_error(std::string(method.fFrom.Data()) + " has no models for tree " + tree->GetName());
         codec->Attach(copy);
      }
      for (auto *branch : *copy->GetListOfBranches())
         static_cast<TBranch *>(branch)->SetCompressionSettings(method.fSetting);
      start = Seconds();
      for (Long64_t entry = 0; entry < tree->GetEntries(); ++entry) {
         tree->GetEntry(entry);
         copy->Fill();
      }
      copy->Write();
      writing += Seconds() - start;
   }
   out.Close();
   method.fWrite.push_back(writing);
   method.fBytes = Columns::Open(path)->GetSize();
}

void Read(Method &method, const TString &path)
{
   auto in = Columns::Open(path);
   double reading = 0;
   for (auto *tree : Columns::Trees(*in)) {
      SelectFloats(*tree);
      const double start = Seconds();
      for (Long64_t entry = 0; entry < tree->GetEntries(); ++entry)
         if (tree->GetEntry(entry) < 0)
            throw std::runtime_error(std::string(path.Data()) + " cannot be read");
      reading += Seconds() - start;
   }
   method.fRead.push_back(reading);
}

} // namespace Bench

int speed(const char *input, const char *files, const char *work, int rounds = 5)
{
   using namespace Bench;
   try {
      gErrorIgnoreLevel = kWarning;
      // what was decoded once must be decoded again in the next round
      Long64_t values = 0;
      auto memory = InMemory(input, values);
      std::vector<Method> methods = {{"ROOT 505 (zstd)", 505, ""}, {"ROOT 207 (LZMA)", 207, ""}};
      std::unique_ptr<TObjArray> list(TString(files).Tokenize(" "));
      for (auto *item : *list) {
         const TString pair = item->GetName();
         const auto at = pair.Index("=");
         methods.push_back({pair(0, at), RootBaler::Setting(), pair(at + 1, pair.Length())});
      }
      for (int round = 0; round < rounds; ++round)
         for (auto &method : methods) {
            // a new file each time, so that the cache of decoded columns has nothing of it
            const TString path = TString(work) + "/speed.root";
            Write(*memory, method, path);
            Read(method, path);
         }
      const double write = Median(methods[0].fWrite), read = Median(methods[0].fRead);
      std::cout << Form("%-18s %10s %12s %8s %12s %8s\n", "", "bytes", "write ns/val", "/ zstd", "read ns/val",
                        "/ zstd");
      for (const auto &m : methods)
         std::cout << Form("%-18s %10lld %12.1f %8.2f %12.1f %8.2f\n", m.fName.Data(), m.fBytes,
                           1e9 * Median(m.fWrite) / values, Median(m.fWrite) / write, 1e9 * Median(m.fRead) / values,
                           Median(m.fRead) / read);
      std::cout << Form(
         "%lld values of floats, one core, CPU time, medians of %d rounds; bytes are those of the whole file\n", values,
         rounds);
   } catch (const std::exception &error) {
      return Columns::Fail("speed.C", error);
   }
   return 0;
}
