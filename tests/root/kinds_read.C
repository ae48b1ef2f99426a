// Reads a tree of kinds_write.C as any macro would, beside a reference written with ROOT's own zstd. Nothing here knows
// about RootBaler. Integers, strings, objects and packed values (Float16_t, Double32_t) must be the same; floating
// point within `bound`, and so Double32_t without a range, which is stored as a float.
#include "kinds.h"
#include <ROOT/RDataFrame.hxx>
#include <TFile.h>
#include <TLeaf.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeReader.h>
#include <TTreeReaderArray.h>
#include <TTreeReaderValue.h>

double gBound = 0;
Long64_t gPeriod = kKindEntries; // merged files repeat

void Same(double value, double expected, bool isLossy, const std::string &what)
{
   const bool good = isLossy ? std::abs(value - expected) <= gBound : value == expected;
   Require(good, what + " is " + std::to_string(value) + ", was " + std::to_string(expected));
}

void ReadByDraw(TTree &tree, TTree &reference)
{
   struct Column {
      const char *fName;
      bool fIsLossy;
   };
   for (Column column : {Column{"b", false}, {"ub", false}, {"s", false}, {"us", false}, {"i", false}, {"ui", false},
                         {"l", false}, {"ul", false}, {"g", false}, {"o", false}, {"f", true}, {"d", true},
                         {"array", true}, {"matrix", true}, {"grid", false}, {"list.y", false}, {"list.x", true},
                         {"list.n", false}, {"list.c", false}, {"f16", false}, {"d32", false}, {"nJet", false},
                         {"f16bits", false}, {"f16range", false}, {"f16array", false}, {"d32plain", true},
                         {"d32bits", false}, {"d32array", false}, {"Jet_f16", false}, {"Jet_d32", false},
                         {"fShort", false}, {"fShortBits", false}, {"fShortRange", false}, {"fPlain", true},
                         {"fBits", false}, {"fRange", false}, {"fFloats", true}, {"fInts", false}, {"fRanges", false},
                         {"fShorts", false},
                         {"Jet_pt", true}, {"Jet_mass", true}, {"Jet_q", false}, {"Jet_eta", true}, {"Jet_flag", false},
                         {"Jet_vec", true}, {"nMu", false}, {"Mu_pt", true}, {"vector.fCoordinates.fX", true},
                         {"vector.fCoordinates.fZ", true}, {"vectors.fCoordinates.fY", true},
                         {"marker.fMarkerStyle", false}, {"marker.fMarkerSize", true}, {"floats", true},
                         {"ints", false},
                         {"rvec", true}, {"bools", false}, {"nested", true}, {"Length$(name)", false},
                         {"Length$(text)", false}}) {
      if (std::string(column.fName) == "nested" && !HasNested())
         continue;
      tree.SetEstimate(100 * tree.GetEntries());
      reference.SetEstimate(100 * tree.GetEntries());
      const Long64_t n = reference.Draw(column.fName, "", "goff");
      Require(n > 0 && tree.Draw(column.fName, "", "goff") == n * (tree.GetEntries() / gPeriod),
              std::string("Draw of ") + column.fName + " selects all values");
      for (Long64_t k = 0; k < n; ++k)
         Same(tree.GetV1()[k], reference.GetV1()[k], column.fIsLossy,
              std::string("Draw: value ") + std::to_string(k) + " of " + column.fName);
   }
}

void ReadByReader(TTree &tree)
{
   TTreeReader reader(&tree);
   TTreeReaderValue<int> i(reader, "i");
   TTreeReaderValue<bool> o(reader, "o");
   TTreeReaderValue<UShort_t> us(reader, "us");
   TTreeReaderValue<ULong64_t> ul(reader, "ul");
   TTreeReaderArray<float> array(reader, "array"), pt(reader, "Jet_pt"), eta(reader, "Jet_eta");
   TTreeReaderArray<double> mass(reader, "Jet_mass");
   TTreeReaderArray<int> charge(reader, "Jet_q");
   TTreeReaderValue<std::vector<float>> floats(reader, "floats");
   Long64_t count = 0;
   while (reader.Next()) {
      const Long64_t e = count++ % gPeriod;
      Require(*i == e && *o == (e % 3 == 0) && *us == UShort_t(e * 77) && *ul == ULong64_t(e) << 40, "reader: scalars");
      for (int k = 0; k < 4; ++k)
         Same(array[k], float(Value(0, e) + k), true, "reader: array");
      const int n = JetCount(e);
      Require(int(pt.GetSize()) == n && int(mass.GetSize()) == n && int(charge.GetSize()) == n, "reader: sizes");
      for (int k = 0; k < n; ++k) {
         const std::string where = " of element " + std::to_string(k) + " of entry " + std::to_string(e);
         Same(mass[k], JetValue(3, e, k), true, "reader: mass" + where);
         Same(pt[k], float(JetValue(1, e, k)), true, "reader: pt" + where);
         Same(charge[k], JetValue(0, e, k), false, "reader: charge" + where);
         Same(eta[k], float(JetValue(2, e, k)), true, "reader: eta" + where);
      }
      Require(floats->size() == std::size_t(e % 6), "reader: size of vector");
      for (float value : *floats)
         Same(value, float(Value(0, e)), true, "reader: vector");
   }
   Require(count == tree.GetEntries(), "TTreeReader reads all entries");
}

void ReadByAddress(const std::string &path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("k");
   int n;
   float eta[kMaxJets], vec[kMaxJets][3];
   double mass[kMaxJets], matrix[2][3];
   struct {
      double y[2];
      float x;
      int n;
      char c;
   } list;
   tree->SetBranchStatus("*", false);
   for (const char *name : {"Jet_eta", "Jet_mass", "Jet_vec", "nJet", "matrix", "list"})
      tree->SetBranchStatus(name, true);
   tree->SetBranchAddress("nJet", &n);
   tree->SetBranchAddress("Jet_eta", eta);
   tree->SetBranchAddress("Jet_mass", mass);
   tree->SetBranchAddress("Jet_vec", vec);
   tree->SetBranchAddress("matrix", matrix);
   tree->SetBranchAddress("list", &list);
   auto check = [&](Long64_t entry) {
      Require(tree->GetEntry(entry) > 0, "GetEntry");
      const Long64_t e = entry % gPeriod;
      Require(n == JetCount(e), "address: count");
      for (int k = 0; k < n; ++k) {
         Same(eta[k], float(JetValue(2, e, k)), true, "address: eta");
         Same(mass[k], JetValue(3, e, k), true, "address: mass");
         Same(vec[k][2], float(JetValue(1, e, k) * 2), true, "address: vec");
      }
      Same(matrix[1][2], Value(2, e) * 5, true, "address: matrix");
      Same(list.x, float(Value(1, e)), true, "address: list.x");
      Same(list.y[1], Value(5, e), false, "address: list.y");
      Require(list.n == int(e) / 2 && list.c == char('a' + e % 26), "address: list");
   };
   const Long64_t entries = tree->GetEntries();
   for (Long64_t k = 0; k < 300; ++k) // in any order
      check((k * 7919) % entries);
   for (Long64_t entry = entries - 1; entry >= 0; entry -= 17) // backwards
      check(entry);
}

void ReadByDataFrame(const std::string &path, Long64_t entries)
{
   ROOT::EnableImplicitMT(2);
   ROOT::RDataFrame frame("k", path);
   std::atomic<Long64_t> seen{0}, bad{0};
   using ROOT::RVec;
   frame.Foreach(
      [&](int i, const RVec<float> &eta, const RVec<double> &mass, const RVec<int> &charge, const RVec<float> &array) {
         bool good = int(eta.size()) == JetCount(i) && std::abs(array[1] - float(Value(0, i) + 1)) <= gBound;
         for (int k = 0; good && k < int(eta.size()); ++k)
            good = std::abs(eta[k] - float(JetValue(2, i, k))) <= gBound &&
                   std::abs(mass[k] - JetValue(3, i, k)) <= gBound && charge[k] == JetValue(0, i, k);
         if (!good)
            ++bad;
         ++seen;
      },
      {"i", "Jet_eta", "Jet_mass", "Jet_q", "array"});
   Require(seen == entries && bad == 0, "RDataFrame with two threads");
}

void kinds_read(std::string path, std::string reference, double bound, int times = 1)
{
   gBound = bound;
   Long64_t entries = 0;
   {
      TFile referenceFile(reference.c_str()), file(path.c_str());
      auto *expected = referenceFile.Get<TTree>("k");
      auto *tree = file.Get<TTree>("k");
      gPeriod = expected->GetEntries();
      Require(tree && tree->GetEntries() == times * gPeriod, "the tree has its entries");
      entries = tree->GetEntries();
      ReadByDraw(*tree, *expected);
      ReadByReader(*tree);
   }
   ReadByAddress(path);
   ReadByDataFrame(path, entries);
   std::printf("kinds_read.C: %s: all values right\n", path.c_str());
   gSystem->Exit(0);
}
