// Writes a tree with all kinds of branches. how: "reference" (ROOT's zstd), "lossless", "bounds", "group:<model file>",
// "single:<model file>"; with "+imt", "+shuffled" (basket sizes differ, flushes in between), "+generate" (ROOT makes up
// the entry offsets of arrays when it reads).
#include "kinds.h"
#include <Math/Vector3D.h>
#include <ROOT/RVec.hxx>
#include <RootBaler/Codec.h>
#include <TAttMarker.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TROOT.h>
#include <TTree.h>

struct List { // with a leaf list
   double y[2];
   float x;
   int n;
   char c;
};

void kinds_write(std::string path, std::string how, Long64_t entries = kKindEntries)
{
   auto option = [&](const char *name) { return how.find(name) != std::string::npos; };
   if (option("+imt"))
      ROOT::EnableImplicitMT(2);
   TFile file(path.c_str(), "RECREATE", "", option("reference") ? 505 : RootBaler::Setting(5));
   TTree tree("k", "all kinds of branches");
   if (option("+generate")) {
      ROOT::TIOFeatures features;
      features.Set(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
      tree.SetIOFeatures(features);
   }
   if (option("bounds") || option(":")) {
      RootBaler::Codec codec;
      codec.SetBound("*", "abs=" + std::to_string(kBound));
      codec.SetBound("list.y", "lossless");
      const auto colon = how.find(':');
      if (colon != std::string::npos) {
         codec.AddModelFile(how.substr(colon + 1, how.find('+', colon) - colon - 1));
         codec.SetMode(how.substr(0, colon));
      }
      codec.Attach(&tree);
   }
   Char_t b;
   UChar_t ub, nmu;
   Short_t s;
   UShort_t us;
   Int_t i, njet, grid[5];
   UInt_t ui;
   Long64_t l;
   ULong64_t ul;
   Long_t g;
   Bool_t o, flags[kMaxJets];
   Float_t f, array[4], mu[100], jetf[2][kMaxJets], jetvec[kMaxJets][3];
   Double_t d, matrix[2][3], mass[kMaxJets];
   Float16_t f16, f16bits, f16range, f16array[3], jetf16[kMaxJets];
   Double32_t d32, d32plain, d32bits, d32array[2], jetd32[kMaxJets];
   Packed packed;
   Int_t charge[kMaxJets];
   char name[20];
   List list;
   ROOT::Math::XYZVector vector;
   std::vector<ROOT::Math::XYZVector> vectors;
   TAttMarker marker;
   std::vector<float> floats;
   std::vector<int> ints;
   ROOT::RVec<double> rvec;
   std::vector<bool> bools;
   std::vector<std::vector<float>> nested;
   std::string text;
   int size = 0; // of baskets: all different, if shuffled
   auto add = [&](const char *branch, void *address, const char *leaves) {
      size = (size * 7 + 1013) % 9000;
      tree.Branch(branch, address, leaves, option("+shuffled") ? 500 + size : 32000);
   };
   add("b", &b, "b/B");
   add("ub", &ub, "ub/b");
   add("s", &s, "s/S");
   add("us", &us, "us/s");
   add("i", &i, "i/I");
   add("ui", &ui, "ui/i");
   add("l", &l, "l/L");
   add("ul", &ul, "ul/l");
   add("g", &g, "g/G");
   add("o", &o, "o/O");
   add("f", &f, "f/F");
   add("d", &d, "d/D");
   add("array", array, "array[4]/F");
   add("matrix", matrix, "matrix[2][3]/D");
   add("grid", grid, "grid[5]/I");
   add("list", &list, "y[2]/D:x/F:n/I:c/B");
   add("f16", &f16, "f16/f");
   add("d32", &d32, "d32/d[0,100,16]");
   add("f16bits", &f16bits, "f16bits/f[0,0,8]");
   add("f16range", &f16range, "f16range/f[-100,100,14]");
   add("f16array", f16array, "f16array[3]/f");
   add("d32plain", &d32plain, "d32plain/d");
   add("d32bits", &d32bits, "d32bits/d[0,0,10]");
   add("d32array", d32array, "d32array[2]/d[0,0,9]");
   add("name", name, "name/C");
   add("nJet", &njet, "nJet/I");
   add("Jet_pt", jetf[0], "Jet_pt[nJet]/F");
   add("Jet_mass", mass, "Jet_mass[nJet]/D");
   add("Jet_q", charge, "Jet_q[nJet]/I");
   add("Jet_eta", jetf[1], "Jet_eta[nJet]/F");
   add("Jet_flag", flags, "Jet_flag[nJet]/O");
   add("Jet_vec", jetvec, "Jet_vec[nJet][3]/F");
   add("Jet_f16", jetf16, "Jet_f16[nJet]/f");
   add("Jet_d32", jetd32, "Jet_d32[nJet]/d[0,500,12]");
   add("nMu", &nmu, "nMu/b");
   add("Mu_pt", mu, "Mu_pt[nMu]/F");
   tree.Branch("vector", &vector, 32000, 99);
   tree.Branch("vectors", &vectors, 32000, 99);
   tree.Branch("marker", &marker, 32000, 99);
   tree.Branch("packed", &packed, 32000, 99);
   tree.Branch("floats", &floats);
   tree.Branch("ints", &ints);
   tree.Branch("rvec", &rvec);
   tree.Branch("bools", &bools);
   if (HasNested())
      tree.Branch("nested", &nested);
   tree.Branch("text", &text);
   for (Long64_t e = 0; e < entries; ++e) {
      b = Char_t(e % 200 - 100);
      ub = UChar_t(e / 3);
      s = Short_t(e * 77);
      us = UShort_t(e * 77);
      i = Int_t(e);
      ui = UInt_t(e * 2654435761u);
      l = -e * 123456789012;
      ul = ULong64_t(e) << 40;
      g = 5 - e;
      o = e % 3 == 0;
      f = float(Value(0, e));
      d = Value(2, e);
      for (int k = 0; k < 4; ++k)
         array[k] = float(Value(0, e) + k);
      for (int k = 0; k < 6; ++k)
         matrix[k / 3][k % 3] = Value(2, e) * k;
      for (int k = 0; k < 5; ++k)
         grid[k] = int(e) * k;
      list = {{Value(2, e), Value(5, e)}, float(Value(1, e)), int(e) / 2, Char_t('a' + e % 26)};
      f16 = float(Value(0, e));
      d32 = 50 + Value(0, e) / 30;
      f16bits = f16range = f16;
      d32plain = d32bits = d32;
      for (int k = 0; k < 3; ++k)
         f16array[k] = float(Value(1, e) * (k - 1));
      for (int k = 0; k < 2; ++k)
         d32array[k] = Value(2, e) * (k + 1);
      packed = {f16, f16, f16, d32, d32, d32, {f, 2 * f, 3}, {{i, 1}, {2, -i}}, {d32, d32 / 2}, {f16, 1}};
      std::snprintf(name, sizeof name, "entry %lld", e % 1000);
      njet = JetCount(e);
      for (int k = 0; k < njet; ++k) {
         charge[k] = int(JetValue(0, e, k));
         jetf[0][k] = float(JetValue(1, e, k));
         jetf[1][k] = float(JetValue(2, e, k));
         mass[k] = JetValue(3, e, k);
         flags[k] = (e + k) % 2;
         jetf16[k] = jetf[0][k];
         jetd32[k] = jetf[0][k];
         for (int m = 0; m < 3; ++m)
            jetvec[k][m] = float(JetValue(1, e, k) * m);
      }
      nmu = UChar_t(e % 250 > 240 ? 100 : e % 4);
      for (int k = 0; k < nmu; ++k)
         mu[k] = float(Value(0, e) * k);
      vector.SetXYZ(Value(0, e), Value(1, e), Value(2, e));
      marker = TAttMarker(e % 50, e % 30, f);
      vectors.assign(e % 4, vector);
      floats.assign(e % 6, f);
      ints.assign(e % 3, int(e));
      rvec.resize(e % 5);
      for (int k = 0; k < e % 5; ++k)
         rvec[k] = Value(2, e) + k;
      bools.assign(e % 4, e % 3 == 0);
      nested.assign(e % 3, floats);
      text = "text " + std::to_string(e % 500);
      tree.Fill();
      if (option("+shuffled")) {
         if (e == 1500)
            tree.FlushBaskets();
         if (e == 2111)
            tree.GetBranch("Jet_mass")->FlushBaskets();
         if (e == 2500)
            tree.GetBranch("nJet")->FlushBaskets();
         if (e == 4000)
            tree.AutoSave("SaveSelf");
      }
   }
   tree.Write();
   file.Close();
   gSystem->Exit(0);
}
