// Writes a test tree. how: "plain" (no codec), "bounds", "group:<model file>", "single:<model file>"; with "+imt",
// "+shuffled" (basket sizes differ, flushes in between), "+autoflush".
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>

void write(std::string path, std::string how, Long64_t entries = kEntries, std::string treeName = "t")
{
   auto option = [&](const char *name) { return how.find(name) != std::string::npos; };
   if (option("+imt"))
      ROOT::EnableImplicitMT(2);
   TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
   Require(!file.IsZombie(), "cannot create " + path);
   TTree tree(treeName.c_str(), "test");
   if (!option("plain")) {
      RootBaler::Codec codec;
      const auto colon = how.find(':');
      if (colon != std::string::npos) {
         codec.AddModelFile(how.substr(colon + 1, how.find('+', colon) - colon - 1));
         codec.SetMode(how.substr(0, colon));
      } else {
         codec.SetBound("c*", "abs=" + std::to_string(kBound));
      }
      codec.Attach(&tree);
   }
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c) {
      if (IsDouble(c))
         tree.Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str(), option("+shuffled") ? 3000 + 5000 * c : 32000);
      else
         tree.Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str(), option("+shuffled") ? 20000 - 3000 * c : 32000);
   }
   float special;
   int number, n;
   std::vector<float> jagged;
   float counted[10], fixed[3];
   tree.Branch("special", &special, "special/F");
   tree.Branch("number", &number, "number/I")->SetCompressionSettings(505); // can be read without the plugin
   tree.Branch("jagged", &jagged);
   tree.Branch("n", &n, "n/I");
   tree.Branch("counted", counted, "counted[n]/F");
   tree.Branch("fixed", fixed, "fixed[3]/F");
   Require(tree.GetBranch("c0")->GetCompressionSettings() == RootBaler::Setting(5), "the file hands its setting on");
   if (option("+autoflush"))
      tree.SetAutoFlush(3000);
   for (Long64_t i = 0; i < entries; ++i) {
      for (int c = 0; c < kColumns; ++c) {
         d[c] = Value(c, i);
         f[c] = d[c];
      }
      special = Special(i);
      number = int(i * 7);
      n = i % 10;
      jagged.assign(n, float(i));
      for (int k = 0; k < n; ++k)
         counted[k] = i + k;
      for (int k = 0; k < 3; ++k)
         fixed[k] = i * 0.25f + k;
      tree.Fill();
      if (option("+shuffled")) {
         if (i == 5000)
            tree.FlushBaskets();
         if (i == 7001)
            tree.GetBranch("c4")->FlushBaskets();
         if (i == 8003)
            tree.GetBranch("c0")->FlushBaskets();
         if (i == 12000)
            tree.AutoSave("SaveSelf");
      }
   }
   tree.Write();
   file.Close();
   gSystem->Exit(0);
}
