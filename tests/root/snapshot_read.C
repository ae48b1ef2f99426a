// Reads what snapshot.C or snapshot.py wrote, knowing nothing of RootBaler but for the last check.
#include "snapshot.h"
#include <RootBaler/Codec.h>
#include <RootBaler/Tools.h>
#include <TFile.h>
#include <TTree.h>
#include <TTreeReader.h>
#include <TTreeReaderArray.h>
#include <TTreeReaderValue.h>

void RequireNear(double value, double expected, const char *what, int entry)
{
   Require(std::abs(value - expected) <= kBound, std::string(what) + " of entry " + std::to_string(entry) + " is " +
                                                    std::to_string(value) + ", was " + std::to_string(expected));
}

void ReadAll(TFile &file)
{
   TTreeReader reader("snap", &file);
   TTreeReaderValue<int> entry(reader, "entry"), n(reader, "nJet");
   TTreeReaderValue<float> c0(reader, "c0"), c1(reader, "c1"), c3(reader, "c3"), c4(reader, "c4");
   TTreeReaderValue<double> c2(reader, "c2"), c5(reader, "c5");
   TTreeReaderArray<int> q(reader, "Jet_q");
   TTreeReaderArray<float> pt(reader, "Jet_pt"), eta(reader, "Jet_eta"), added(reader, "added");
   TTreeReaderArray<double> mass(reader, "Jet_mass");
   TTreeReaderValue<std::string> text(reader, "text");
   std::vector<int> seen(kSnapshotEntries);
   while (reader.Next()) {
      const int e = *entry; // threads write in any order
      Require(e >= 0 && e < kSnapshotEntries && ++seen[e] == 1, "every entry is there once");
      const double values[] = {*c0, *c1, *c2, *c3, *c4, *c5};
      for (int c = 0; c < kColumns; ++c)
         RequireClose(values[c], c, e, "snapshot");
      Require(*n == JetCount(e) && int(pt.GetSize()) == *n && int(mass.GetSize()) == *n, "sizes of arrays");
      for (int k = 0; k < *n; ++k) {
         Require(q[k] == JetValue(0, e, k), "Jet_q is exact");
         RequireNear(pt[k], JetValue(1, e, k), "Jet_pt", e);
         RequireNear(eta[k], JetValue(2, e, k), "Jet_eta", e);
         RequireNear(mass[k], JetValue(3, e, k), "Jet_mass", e);
      }
      Require(int(added.GetSize()) == AddedCount(e), "sizes of an RVec");
      for (int k = 0; k < AddedCount(e); ++k)
         RequireNear(added[k], Added(e, k), "added", e);
      Require(*text == "text " + std::to_string(e % 500), "text");
   }
   Require(reader.GetEntries() == kSnapshotEntries && seen == std::vector<int>(kSnapshotEntries, 1), "all entries");
}

void ReadMore(TFile &file)
{
   auto *tree = file.Get<TTree>("dir/more");
   Require(tree && tree->Draw("entry:c0:c3", "", "goff") == 5000, "the second tree");
   for (int i = 0; i < 5000; ++i) {
      RequireClose(tree->GetV2()[i], 0, Long64_t(tree->GetV1()[i]), "second tree");
      RequireClose(tree->GetV3()[i], 3, Long64_t(tree->GetV1()[i]), "second tree");
   }
   auto *none = file.Get<TTree>("none");
   Require(none && none->GetEntries() == 0 && none->GetBranch("c0"), "the tree without entries");
}

void CheckFile(const std::string &path, bool isGroup, bool hasMore)
{
   {
      TFile file(path.c_str());
      ReadAll(file);
      if (hasMore)
         ReadMore(file);
      auto *tree = file.Get<TTree>("snap");
      auto *codec = RootBaler::Codec::Of(tree);
      Require(codec && codec->GetBound("c4") == "abs=0.01" && codec->GetBound("added") == "abs=0.01",
              "the tree has its codec");
   }
   int seen = 0, helped = 0;
   const auto details = RootBaler::Inspect(path);
   for (auto &tree : details.fTrees)
      for (auto &branch : tree.fBranches)
         for (auto &basket : branch.fBaskets) {
            const auto &name = branch.fBranch.fName;
            if (tree.fPath != "snap" || (name != "c4" && name != "Jet_mass" && name != "added"))
               continue;
            Require(basket.fKind == (name == "added" ? "vectors" : "model") || basket.fKind == "column",
                    "a basket of " + name + " is " + basket.fKind);
            seen += name != "added";
            helped += basket.fContextRows > 0;
         }
   Require(seen > 6 && (isGroup ? helped > seen / 2 : helped == 0), "branches are coded in the mode of their codec");
}

void snapshot_read(bool fromPython = false)
{
   if (fromPython) {
      CheckFile("python.root", true, true);
   } else {
      CheckFile("group.root", true, true);
      CheckFile("single.root", false, false);
      CheckFile("lazy.root", true, false);
   }
   gSystem->Exit(0);
}
