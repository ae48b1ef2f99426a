// RootBaler::Snapshot of a tree with arrays, to which scalars and an RVec are added: in group mode (with two more trees
// in the same file), in single mode, and lazily, when the file is made by the event loop.
#include "snapshot.h"
#include <ROOT/RDataFrame.hxx>
#include <RootBaler/Snapshot.h>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>

void WriteSource(const char *path)
{
   TFile file(path, "RECREATE", "", 505);
   TTree tree("s", "source");
   int entry, n, q[kMaxJets];
   float pt[kMaxJets], eta[kMaxJets];
   double mass[kMaxJets];
   std::string text;
   tree.Branch("entry", &entry);
   tree.Branch("nJet", &n);
   tree.Branch("Jet_q", q, "Jet_q[nJet]/I");
   tree.Branch("Jet_pt", pt, "Jet_pt[nJet]/F");
   tree.Branch("Jet_eta", eta, "Jet_eta[nJet]/F");
   tree.Branch("Jet_mass", mass, "Jet_mass[nJet]/D");
   tree.Branch("text", &text);
   tree.SetAutoFlush(1500); // many clusters: many tasks
   for (entry = 0; entry < kSnapshotEntries; ++entry) {
      n = JetCount(entry);
      for (int k = 0; k < n; ++k) {
         q[k] = int(JetValue(0, entry, k));
         pt[k] = float(JetValue(1, entry, k));
         eta[k] = float(JetValue(2, entry, k));
         mass[k] = JetValue(3, entry, k);
      }
      text = "text " + std::to_string(entry % 500);
      tree.Fill();
   }
   tree.Write();
}

// Nobody must inherit the codec of an earlier snapshot: a tree without a codec is lossless.
void WriteWithout(const std::string &path)
{
   TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting());
   TTree tree("snap", "");
   float c0;
   tree.Branch("c0", &c0);
   for (int i = 0; i < 1000; ++i) {
      c0 = float(Value(0, i));
      tree.Fill();
   }
   tree.Write();
   for (int i = 0; i < 1000; ++i)
      Require(tree.GetEntry(i) > 0 && c0 == float(Value(0, i)), "a tree without a codec is lossless");
}

void snapshot(std::string models, bool withThreads)
{
   WriteSource("source.root");
   if (withThreads)
      ROOT::EnableImplicitMT(2);
   RootBaler::Codec group;
   for (const char *model : {"/group.rbm", "/jagged.rbm"})
      group.AddModelFile(models + model);
   group.SetBound("added", "abs=0.01");
   RootBaler::Codec single(group), exact;
   single.SetMode("single");

   ROOT::RDataFrame source("s", "source.root");
   auto full = source.Define("c0", [](int e) { return float(Value(0, e)); }, {"entry"})
                  .Define("c1", [](int e) { return float(Value(1, e)); }, {"entry"})
                  .Define("c2", [](int e) { return Value(2, e); }, {"entry"})
                  .Define("c3", [](int e) { return float(Value(3, e)); }, {"entry"})
                  .Define("c4", [](int e) { return float(Value(4, e)); }, {"entry"})
                  .Define("c5", [](int e) { return Value(5, e); }, {"entry"})
                  .Define("added",
                          [](int e) {
                             ROOT::RVec<float> added(AddedCount(e));
                             for (int k = 0; k < AddedCount(e); ++k)
                                added[k] = Added(e, k);
                             return added;
                          },
                          {"entry"});
   TDirectory *directory = gDirectory;

   ROOT::RDF::RSnapshotOptions options;
   options.fCompressionLevel = 3;
   auto result = RootBaler::Snapshot(full, "snap", "group.root", group, {}, options);
   Require(*result->Count() == kSnapshotEntries, "the result can be read on");
   RootBaler::Snapshot(full, "snap", "single.root", single);

   // Other trees in the same file.
   options.fMode = "UPDATE";
   RootBaler::Snapshot(full.Filter("entry < 5000"), "dir/more", "group.root", group, {"entry", "c0", "c3"}, options);
   auto none = RootBaler::Snapshot(full.Filter("entry < 0"), "none", "group.root", group, {"entry", "c0"}, options);
   Require(*none->Count() == 0, "a snapshot of nothing");
   bool threw = false;
   try {
      RootBaler::Snapshot(full, "snap", "group.root", group, {"entry"}, options);
   } catch (const std::invalid_argument &) {
      threw = true; // ROOT's own rule
   }
   Require(threw, "a tree that is there is not written over unless one asks for it");

   // Lazily, two trees of the same name in one event loop.
   for (auto path : {"lazy.root", "exact.root", "never.root"})
      gSystem->Unlink(path); // of an earlier run
   options = ROOT::RDF::RSnapshotOptions();
   options.fLazy = true;
   auto one = RootBaler::Snapshot(full, "snap", "lazy.root", group, {}, options);
   auto two = RootBaler::Snapshot(full, "snap", "exact.root", exact, {"entry", "c0", "c5"}, options);
   {
      auto never = RootBaler::Snapshot(full, "snap", "never.root", group, {"entry"}, options);
      gErrorIgnoreLevel = kError; // ROOT warns of it
   }
   gErrorIgnoreLevel = kUnset;
   for (auto path : {"lazy.root", "exact.root"})
      Require(gSystem->AccessPathName(path), std::string(path) + " is not there before the event loop runs");
   Require(*one->Count() == kSnapshotEntries && *two->Count() == kSnapshotEntries, "both are there");
   Require(gSystem->AccessPathName("never.root"), "a lazy snapshot that never ran leaves no file");
   auto values = two->Take<float>("c0");
   auto entries = two->Take<int>("entry");
   for (Long64_t i = 0; i < kSnapshotEntries; ++i)
      Require(values->at(i) == float(Value(0, entries->at(i))), "the other codec is lossless");

   // Over a file that is there, with a tree of that name, which stays until the event loop runs.
   WriteWithout("over.root");
   {
      auto over = RootBaler::Snapshot(full, "snap", "over.root", group, {"entry", "c0"}, options);
      std::unique_ptr<TFile> file(TFile::Open("over.root"));
      Require(file->Get<TTree>("snap")->GetEntries() == 1000, "the old tree is there before the event loop runs");
      file.reset();
      Require(*over->Count() == kSnapshotEntries, "the new tree took its place");
      auto values = over->Take<float>("c0");
      auto entries = over->Take<int>("entry");
      for (Long64_t i = 0; i < kSnapshotEntries; ++i)
         RequireClose(values->at(i), 0, entries->at(i), "snapshot over an old file");
   }

   Require(gDirectory == directory, "gDirectory stays");
   for (auto path : {"single.root", "exact.root"}) {
      gSystem->Rename(path, (std::string("was_") + path).c_str());
      WriteWithout(path);
      gSystem->Rename((std::string("was_") + path).c_str(), path);
   }
   auto refused = [&](const std::string &to, const std::string &text) {
      try {
         RootBaler::Snapshot(full, "snap", to, group, {}, options);
      } catch (const RootBaler::Error &error) {
         return std::string(error.what()).find(text) != std::string::npos;
      }
      return false;
   };
   options.fOutputFormat = ROOT::RDF::ESnapshotOutputFormat::kRNTuple;
   Require(refused("x.root", "not RNTuples"), "RNTuple is refused");
   gSystem->Exit(0);
}
