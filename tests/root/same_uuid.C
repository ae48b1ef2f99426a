// Two files with the same UUID, size and dates, as programs write them that want equal bytes from equal data
// ("?reproducible"), and other values: what was seen of one is not taken for the other's. And each copy of
// one gets its model.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TChain.h>
#include <TFile.h>
#include <TTree.h>
#include <TUUID.h>

#include <algorithm>

constexpr Long64_t kFew = 3000;

// Returns the size of the file, which has so many bytes of padding.
Long64_t Write(const std::string &path, const std::string &model, Long64_t first, Long64_t padding)
{
   TFile file((path + "?reproducible=same.root").c_str(), "RECREATE");
   TTree tree("t", "test");
   RootBaler::Codec::FromModelFile(model).Attach(&tree);
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c) {
      TBranch *branch = IsDouble(c) ? tree.Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str())
                                    : tree.Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str());
      branch->SetCompressionSettings(RootBaler::Setting());
   }
   for (Long64_t i = first; i < first + kFew; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      tree.Fill();
   }
   tree.Write();
   file.SetCompressionLevel(0);
   const std::string filler(padding, 'x');
   file.WriteObject(&filler, "padding");
   file.Close();
   FileStat_t status;
   Require(gSystem->GetPathInfo(path.c_str(), status) == 0, path + " was written");
   return status.fSize;
}

// The last column first, as it needs the others.
void Check(const std::string &path, Long64_t first, std::string &uuid)
{
   TFile file(path.c_str());
   uuid = file.GetUUID().AsString();
   auto *tree = file.Get<TTree>("t");
   for (int c = kColumns - 1; c >= 0; --c) {
      float f = 0;
      double d = 0;
      TBranch *branch = tree->GetBranch(Name(c).c_str());
      IsDouble(c) ? branch->SetAddress(&d) : branch->SetAddress(&f);
      for (Long64_t i = 0; i < kFew; ++i) {
         Require(branch->GetEntry(i) > 0, path + " can be read");
         RequireClose(IsDouble(c) ? d : f, c, first + i, path);
      }
      branch->ResetAddress();
   }
}

// Copies the baskets as they are; only the tree, so that no key comes along.
void Copy(const std::string &from, const std::string &to)
{
   TChain chain("t");
   chain.Add(from.c_str());
   Require(chain.Merge((to + "?reproducible=same.root").c_str(), "fast") > 0, from + " is copied to " + to);
   TFile copy(to.c_str());
   int models = 0;
   for (TObject *key : *copy.GetListOfKeys())
      models += TString(key->GetName()).BeginsWith("RootBalerCodec_") && key->GetName() != RootBaler::Codec::KeyName(0);
   Require(models > 0, to + " has the model of its baskets");
}

void same_uuid(std::string model)
{
   const std::pair<const char *, Long64_t> files[] = {{"a.root", 0}, {"b.root", 3300}, {"c.root", 6600}};
   constexpr Long64_t kPadding = 1000;
   Long64_t largest = 0;
   for (const auto &file : files)
      largest = std::max(largest, Write(file.first, model, file.second, kPadding));
   for (const auto &file : files) {
      const Long64_t missing = largest - Write(file.first, model, file.second, kPadding);
      Require(Write(file.first, model, file.second, kPadding + missing) == largest, "the files have the same size");
   }
   std::string uuids[3];
   for (int round = 0; round < 3; ++round)
      for (int k = 0; k < 3; ++k)
         Check(files[k].first, files[k].second, uuids[k]);
   Require(uuids[0] == uuids[1] && uuids[1] == uuids[2], "the files have the same UUID");
   for (const char *copy : {"d.root", "e.root"})
      Copy("a.root", copy);
   gSystem->Exit(0);
}
