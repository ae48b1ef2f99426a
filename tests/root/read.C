// Reads a test tree as any macro would: nothing here knows about RootBaler. mode: "lossy" (within kBound) or "exact".
#include "data.h"
#include <ROOT/RDataFrame.hxx>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeReader.h>
#include <TTreeReaderValue.h>

bool gExact = false;

void CheckColumn(double value, int column, Long64_t entry, const std::string &how)
{
   if (gExact)
      Require(value == Value(column, entry), how + ": " + Name(column) + " of entry " + std::to_string(entry) +
                                                " is not exact");
   else
      RequireClose(value, column, entry, how);
}

void CheckSpecial(float value, Long64_t entry)
{
   const float expected = Special(entry);
   Require(std::memcmp(&value, &expected, 4) == 0, "special of entry " + std::to_string(entry) + " is not exact");
}

void ReadByDraw(TTree &tree, Long64_t entries)
{
   tree.SetEstimate(entries + 1);
   for (int c = 0; c < kColumns; ++c) {
      Require(tree.Draw(Name(c).c_str(), "", "goff") == entries, "Draw selects all entries");
      for (Long64_t i = 0; i < entries; ++i)
         CheckColumn(tree.GetV1()[i], c, i % kEntries, "TTree::Draw");
   }
}

void ReadByReader(TTree &tree)
{
   TTreeReader reader(&tree);
   TTreeReaderValue<float> c4(reader, "c4"), special(reader, "special");
   TTreeReaderValue<double> c5(reader, "c5");
   TTreeReaderValue<int> number(reader, "number");
   TTreeReaderValue<std::vector<float>> jagged(reader, "jagged");
   Long64_t i = 0;
   while (reader.Next()) {
      const Long64_t entry = i++ % kEntries;
      CheckColumn(*c5, 5, entry, "TTreeReader");
      CheckColumn(*c4, 4, entry, "TTreeReader");
      CheckSpecial(*special, entry);
      Require(*number == int(entry * 7), "number is exact");
      Require(jagged->size() == std::size_t(entry % 10) && (jagged->empty() || (*jagged)[0] == float(entry)),
              "jagged is exact");
   }
   Require(i == tree.GetEntries(), "TTreeReader reads all entries");
}

void ReadByAddress(const char *path, const char *name)
{
   TFile file(path);
   auto *tree = file.Get<TTree>(name);
   float c3;
   double c5;
   tree->SetBranchStatus("*", false);
   tree->SetBranchStatus("c3", true);
   tree->SetBranchStatus("c5", true);
   tree->SetBranchAddress("c3", &c3);
   tree->SetBranchAddress("c5", &c5);
   const Long64_t entries = tree->GetEntries();
   for (Long64_t k = 0; k < 300; ++k) { // in any order
      const Long64_t i = (k * 7919) % entries;
      Require(tree->GetEntry(i) == 12, "GetEntry reads both branches");
      CheckColumn(c3, 3, i % kEntries, "random access");
      CheckColumn(c5, 5, i % kEntries, "random access");
   }
   for (Long64_t i = entries - 1; i >= 0; i -= 37) { // backwards
      Require(tree->GetEntry(i) == 12, "GetEntry reads both branches");
      CheckColumn(c3, 3, i % kEntries, "backwards");
      CheckColumn(c5, 5, i % kEntries, "backwards");
   }
}

void ReadByDataFrame(const std::string &path, const std::string &name, Long64_t entries)
{
   ROOT::EnableImplicitMT(2);
   ROOT::RDataFrame frame(name, path);
   std::atomic<Long64_t> seen{0}, bad{0};
   frame.Foreach(
      [&](int number, double c2, float c3, double c5) {
         const Long64_t i = number / 7; // threads begin anywhere
         const double limit = gExact ? 0 : kBound;
         if (!(std::abs(c2 - Value(2, i)) <= limit && std::abs(c3 - Value(3, i)) <= limit &&
               std::abs(c5 - Value(5, i)) <= limit))
            ++bad;
         ++seen;
      },
      {"number", "c2", "c3", "c5"});
   Require(seen == entries && bad == 0, "RDataFrame with two threads");
}

void ReadInParallel(const char *path, const char *name)
{
   // TTree::GetEntry with implicit MT reads the branches of one tree in several threads.
   ROOT::EnableImplicitMT(2);
   TFile file(path);
   auto *tree = file.Get<TTree>(name);
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c)
      IsDouble(c) ? tree->SetBranchAddress(Name(c).c_str(), &d[c]) : tree->SetBranchAddress(Name(c).c_str(), &f[c]);
   for (Long64_t i = 0; i < tree->GetEntries(); i += 3) {
      tree->GetEntry(i);
      for (int c = 0; c < kColumns; ++c)
         CheckColumn(IsDouble(c) ? d[c] : f[c], c, i % kEntries, "parallel GetEntry");
   }
}

void read(std::string path, std::string mode, Long64_t entries = kEntries, std::string name = "t")
{
   gExact = mode == "exact";
   {
      TFile file(path.c_str());
      auto *tree = file.Get<TTree>(name.c_str());
      Require(tree && tree->GetEntries() == entries, "the tree has its entries");
      ReadByDraw(*tree, entries);
      ReadByReader(*tree);
   }
   ReadByAddress(path.c_str(), name.c_str());
   ReadByDataFrame(path, name, entries);
   ReadInParallel(path.c_str(), name.c_str());
   std::printf("read.C: %s as %s: all values right\n", path.c_str(), mode.c_str());
   gSystem->Exit(0);
}
