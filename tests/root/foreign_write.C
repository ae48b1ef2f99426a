// Writes a tree whose reconstructed objects point to generated ones. how: "single" or "group"; with "+imt", "+shuffled"
// (basket sizes differ, flushes in between). models: a folder with gen.rbm and rec.rbm.
#include "foreign.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>

void foreign_write(std::string path, std::string how, std::string models)
{
   auto option = [&](const char *name) { return how.find(name) != std::string::npos; };
   if (option("+imt"))
      ROOT::EnableImplicitMT(2);
   TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
   TTree tree("k", "generated and reconstructed");
   RootBaler::Codec codec;
   codec.AddModelFile(models + "/rec.rbm");
   codec.AddModelFile(models + "/gen.rbm");
   codec.SetMode(option("single") ? "single" : "group");
   codec.Attach(&tree);
   int i, nRec, nGen, index[kMaxObjects];
   float recPt[kMaxObjects], genPt[kMaxObjects];
   const bool shuffled = option("+shuffled");
   tree.Branch("i", &i, "i/I");
   tree.Branch("nRec", &nRec, "nRec/I", shuffled ? 700 : 32000);
   tree.Branch("Rec_pt", recPt, "Rec_pt[nRec]/F", shuffled ? 4000 : 32000);
   tree.Branch("Rec_genIdx", index, "Rec_genIdx[nRec]/I", shuffled ? 2500 : 32000);
   tree.Branch("nGen", &nGen, "nGen/I", shuffled ? 1500 : 32000);
   tree.Branch("Gen_pt", genPt, "Gen_pt[nGen]/F", shuffled ? 9000 : 32000);
   for (Long64_t e = 0; e < kForeignEntries; ++e) {
      i = int(e);
      nRec = RecCount(e);
      nGen = GenCount(e);
      for (int k = 0; k < nRec; ++k) {
         index[k] = GenIndex(e, k);
         recPt[k] = RecPt(e, k);
      }
      for (int k = 0; k < nGen; ++k)
         genPt[k] = GenPt(e, k);
      tree.Fill();
      if (shuffled && e == 1500)
         tree.FlushBaskets();
      if (shuffled && e == 2111)
         tree.GetBranch("Gen_pt")->FlushBaskets();
   }
   tree.Write();
   file.Close();
   gSystem->Exit(0);
}
