/// \file make_files.C
/// Writes the input files of the command-line tests into a folder.

#include <TClonesArray.h>
#include <TFile.h>
#include <TGraph.h>
#include <TH1F.h>
#include <TList.h>
#include <TLorentzVector.h>
#include <TNtuple.h>
#include <TParticle.h>
#include <TParameter.h>
#include <ROOT/RNTupleModel.hxx>
#include <ROOT/RNTupleWriter.hxx>
#include <ROOT/TIOFeatures.hxx>
#include <TRandom3.h>
#include <TTree.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

/// Values that quantisers stumble over, between ordinary ones.
template <typename T>
std::vector<T> Special()
{
   using Limits = std::numeric_limits<T>;
   return {Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::signaling_NaN(), Limits::infinity(), -Limits::infinity(),
           T(0), T(-0.0), Limits::denorm_min(), -Limits::denorm_min(), Limits::min(), -Limits::min(), Limits::max(),
           Limits::lowest(), Limits::epsilon(), T(1), T(-1), T(-999), T(1e30), T(123456789)};
}

void SpecialValues(const TString &name)
{
   TFile file(name, "RECREATE");
   TTree tree("special", "values that are hard to quantise");
   float f, constant = -999;
   double d;
   tree.Branch("f", &f);
   tree.Branch("d", &d);
   tree.Branch("constant", &constant);
   const auto floats = Special<float>();
   const auto doubles = Special<double>();
   TRandom3 random(1);
   for (int i = 0; i < 5000; ++i) {
      f = i % 3 == 0 ? floats[i / 3 % floats.size()] : random.Gaus();
      d = i % 5 == 0 ? doubles[i / 5 % doubles.size()] : random.Exp(1);
      tree.Fill();
   }
   tree.Write();
   TTree onlyNaN("only_nan", "nothing to take a standard deviation of");
   onlyNaN.Branch("f", &f);
   f = std::numeric_limits<float>::quiet_NaN();
   for (int i = 0; i < 100; ++i)
      onlyNaN.Fill();
   onlyNaN.Write();
}

void FewEntries(const TString &name)
{
   TFile file(name, "RECREATE");
   float x = 3.25f;
   double y = 1e-3;
   TTree empty("empty", "no entries");
   empty.Branch("x", &x);
   empty.Write();
   TTree noBranches("no_branches", "nothing at all");
   noBranches.Write();
   TTree one("one", "one entry");
   one.Branch("x", &x);
   one.Branch("y", &y);
   one.Fill();
   one.Write();
}

void ManyKinds(const TString &name)
{
   TFile file(name, "RECREATE", "a file with a title");
   TH1F histogram("histogram", "a histogram", 10, -3, 3);
   histogram.FillRandom("gaus", 100);
   histogram.Write();
   std::vector<double> numbers{1, 2, 3};
   file.WriteObject(&numbers, "numbers");
   file.mkdir("dir", "a directory")->mkdir("deep", "a deeper one")->cd();

   TTree tree("tree", "branches of many kinds");
   float x, array[3], counted[10];
   double y;
   int n;
   Float16_t shortened;
   Double32_t rounded;
   char text[20];
   bool flag;
   Long64_t number;
   struct {
      float fA;
      int fB;
   } pair;
   std::vector<float> floats;
   std::string word;
   std::map<std::string, double> map;
   TLorentzVector vector;
   auto *vectorAddress = &vector;
   TClonesArray clones("TLorentzVector");
   auto *clonesAddress = &clones;
   auto *graph = new TGraph(3);
   tree.Branch("x", &x);
   tree.Branch("y", &y);
   tree.Branch("array", array, "array[3]/F");
   tree.Branch("n", &n);
   tree.Branch("counted", counted, "counted[n]/F");
   tree.Branch("shortened", &shortened, "shortened/f[0,10,12]");
   tree.Branch("rounded", &rounded, "rounded/d");
   tree.Branch("text", text, "text/C");
   tree.Branch("flag", &flag);
   tree.Branch("number", &number);
   tree.Branch("pair", &pair, "a/F:b/I");
   tree.Branch("floats", &floats);
   tree.Branch("word", &word);
   tree.Branch("map", &map);
   tree.Branch("vector.", &vectorAddress, 32000, 0);
   tree.Branch("clones", &clonesAddress);
   tree.Branch("graph", &graph, 32000, 0);
   tree.SetAlias("sum", "x+y");
   tree.GetUserInfo()->Add(new TParameter<double>("luminosity", 3.5));
   TRandom3 random(2);
   for (int i = 0; i < 3000; ++i) {
      x = random.Gaus();
      y = random.Exp(1);
      n = i % 10;
      for (int k = 0; k < 3; ++k)
         array[k] = i + k;
      for (int k = 0; k < n; ++k)
         counted[k] = random.Rndm();
      shortened = 10 * random.Rndm();
      rounded = random.Rndm();
      snprintf(text, sizeof text, "%d", i * (i % 7));
      flag = i % 2;
      number = i * 1000000007LL;
      pair = {float(i), i};
      floats.assign(i % 5, x);
      word = std::string(i % 30, 'a');
      map.clear();
      map["key" + std::to_string(i % 9)] = y;
      vector.SetPtEtaPhiM(10, x, 1, y);
      clones.Clear();
      for (int k = 0; k < i % 4; ++k)
         new (clones[k]) TLorentzVector(vector);
      graph->SetPoint(0, i, y);
      tree.Fill();
      if (i == 1500)
         tree.AutoSave(); // leaves an older cycle
   }
   tree.BuildIndex("n", "number");
   tree.Write();
   file.cd();
   TNtuple ntuple("ntuple", "a tuple", "a:b:c");
   for (int i = 0; i < 100; ++i)
      ntuple.Fill(i, i * 0.1f, random.Rndm());
   ntuple.Write();
}

/// A split collection whose members depend on each other, and arrays of two widths on one counter.
void Members(const TString &name)
{
   TFile file(name, "RECREATE");
   TTree tree("t", "");
   TClonesArray particles("TParticle");
   auto *address = &particles;
   int n;
   float e[5], p[5][3];
   tree.Branch("particles", &address, 32000, 99);
   tree.Branch("n", &n);
   tree.Branch("e", e, "e[n]/F");
   tree.Branch("p", p, "p[n][3]/F");
   TRandom3 random(9);
   for (int i = 0; i < 4000; ++i) {
      particles.Clear();
      for (int k = 0; k < i % 4; ++k) {
         auto *particle = new (particles[k]) TParticle(k % 2 ? 11 : -211, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
         const double pt = random.Exp(20), phi = random.Uniform(-3.1, 3.1), pz = random.Gaus(0, 30);
         particle->SetMomentum(pt * std::cos(phi), pt * std::sin(phi), pz, std::hypot(pt, pz));
         const double x = random.Gaus();
         particle->SetProductionVertex(x, -2 * x, pz / 3, 3 * pt);
      }
      n = i % 5;
      for (int k = 0; k < n; ++k) {
         e[k] = random.Exp(1);
         for (int j = 0; j < 3; ++j)
            p[k][j] = e[k] * j;
      }
      tree.Fill();
   }
   tree.Write();
}

/// Enough rows for several clusters of each tree; with another `scale`, columns of the same names that depend on each
/// other in another way.
void ManyRows(const TString &name, int rows, double scale)
{
   TFile file(name, "RECREATE");
   TTree tree("rows", "correlated columns");
   float pt, eta, pz;
   int run = 7;
   tree.Branch("pt", &pt);
   tree.Branch("eta", &eta);
   tree.Branch("pz", &pz);
   tree.Branch("run", &run);
   TRandom3 random(3);
   for (int i = 0; i < rows; ++i) {
      pt = scale * (5 + random.Exp(20));
      eta = random.Uniform(-2.5, 2.5) + (scale - 1);
      pz = scale == 1 ? pt * std::sinh(eta) : scale * random.Gaus(100, 50);
      tree.Fill();
   }
   tree.Write();
}

/// Elements that depend on each other, counted by a branch of every width that ROOT allows.
void Jagged(const TString &name, int seed, double scale = 1)
{
   constexpr int kMost = 50;
   TFile file(name, "RECREATE");
   TTree tree("events", "jets and hits");
   int nJet, jetId[kMost];
   UChar_t nHit;
   float jetPt[kMost], jetEta[kMost], jetPz[kMost], hit[kMost][2], met, sumPt, axis[3];
   double jetMass[kMost];
   bool jetGood[kMost];
   Long64_t jetTime[kMost];
   tree.Branch("nJet", &nJet);
   tree.Branch("Jet_pt", jetPt, "Jet_pt[nJet]/F");
   tree.Branch("Jet_eta", jetEta, "Jet_eta[nJet]/F");
   tree.Branch("Jet_pz", jetPz, "Jet_pz[nJet]/F");
   tree.Branch("Jet_mass", jetMass, "Jet_mass[nJet]/D");
   tree.Branch("Jet_id", jetId, "Jet_id[nJet]/I");
   tree.Branch("Jet_good", jetGood, "Jet_good[nJet]/O");
   tree.Branch("Jet_time", jetTime, "Jet_time[nJet]/L");
   tree.Branch("nHit", &nHit, "nHit/b");
   tree.Branch("hit", hit, "hit[nHit][2]/F");
   tree.Branch("met", &met);
   tree.Branch("sumPt", &sumPt);
   tree.Branch("axis", axis, "axis[3]/F");
   TRandom3 random(seed);
   for (int i = 0; i < 20000; ++i) {
      nJet = i % 1000 == 7 ? kMost : random.Poisson(2.5);
      sumPt = 0;
      for (int k = 0; k < nJet; ++k) {
         jetPt[k] = k == 0 ? scale * (20 + random.Exp(40)) : jetPt[k - 1] * random.Uniform(0.5, 1);
         jetEta[k] = i % 97 == 0 ? std::numeric_limits<float>::quiet_NaN() : random.Uniform(-2, 2) + (scale - 1);
         jetPz[k] = scale == 1 ? jetPt[k] * std::sinh(jetEta[k]) : scale * random.Gaus(50, 20);
         jetMass[k] = (scale == 1 ? 0.1 * jetPt[k] : 5) * random.Gaus(1, 0.1);
         jetId[k] = jetPt[k] > 30 ? 1 : -1;
         jetGood[k] = std::fabs(jetEta[k]) < 1;
         jetTime[k] = i * 1000000007LL + k;
         sumPt += jetPt[k];
      }
      nHit = i % 5;
      for (int k = 0; k < nHit; ++k)
         hit[k][0] = random.Gaus(), hit[k][1] = random.Gaus(5);
      met = sumPt * random.Gaus(1, 0.01);
      for (int k = 0; k < 3; ++k)
         axis[k] = random.Gaus();
      tree.Fill();
   }
   tree.Write();
}

/// ROOT stores no entry offsets where it can make them from a counter, and says so in the headers of baskets.
void WithoutOffsets(const TString &name)
{
   TFile file(name, "RECREATE");
   TTree tree("t", "no entry offsets");
   ROOT::TIOFeatures features;
   features.Set(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
   tree.SetIOFeatures(features);
   float x[5];
   int n;
   tree.Branch("n", &n);
   tree.Branch("x", x, "x[n]/F");
   TRandom3 random(1);
   for (int i = 0; i < 3000; ++i) {
      n = i % 6 % 5;
      for (int k = 0; k < n; ++k)
         x[k] = random.Gaus();
      tree.Fill();
   }
   tree.Write();
}

/// A table of baskets that is not true: ROOT believes it, and reads behind the end of a basket.
void FalseTable(const TString &name, const TString &victim, Long64_t shift)
{
   TFile file(name, "RECREATE");
   TTree tree("t", "three baskets in each branch");
   float x = 1, v[3] = {1, 2, 3};
   int n = 0;
   const TString longName('x', 2000); // makes a long header
   tree.Branch("x", &x);
   tree.Branch("n", &n);
   tree.Branch("v", v, "v[n]/F");
   tree.Branch(longName, &x);
   tree.SetAutoFlush(1000);
   for (int i = 0; i < 3000; ++i) {
      n = i % 4;
      tree.Fill();
   }
   tree.FlushBaskets();
   TBranch *branch = tree.GetBranch(victim == "long" ? longName : victim);
   branch->GetBasketEntry()[1] += shift;
   if (shift > 1000) {
      branch->GetBasketEntry()[2] = branch->GetBasketEntry()[3] = branch->GetBasketEntry()[1];
      branch->SetEntries(branch->GetBasketEntry()[1]);
      tree.SetEntries(branch->GetBasketEntry()[1]);
   }
   tree.Write();
}

/// A tree of one entry, in the current file.
void WriteOneEntry()
{
   float x = 1;
   TTree tree("t", "");
   tree.Branch("x", &x);
   tree.Fill();
   tree.Write();
}

/// A tree and a histogram; with `described` false the file does not say what its classes look like.
void Histogram(const TString &name, bool described)
{
   TFile file(name, "RECREATE");
   TH1F histogram("h", "", 3, 0, 1);
   histogram.Fill(0.5);
   histogram.SetDirectory(nullptr);
   histogram.Write();
   WriteOneEntry();
   if (!described)
      file.GetClassIndex()->Reset();
}

/// Floats for which a bound in sigmas makes no sense, beside one for which it does.
void NumbersAndTimes(const TString &name)
{
   TFile file(name, "RECREATE");
   TTree tree("t", "");
   double event, time = 0;
   float x;
   tree.Branch("event", &event);
   tree.Branch("time", &time);
   tree.Branch("x", &x);
   TRandom3 random(1);
   for (int i = 0; i < 5000; ++i) {
      event = 100000 + random.Integer(100000);
      time += random.Exp(1);
      x = random.Gaus();
      tree.Fill();
   }
   tree.Write();
}

constexpr int kFewBaskets = 16 << 20; // bytes in each

/// A tree with an older cycle, of so many of its entries.
void Cycles(const TString &name, int older, int entries = 3000)
{
   TFile file(name, "RECREATE");
   TTree tree("t", "");
   float x = 0;
   TRandom3 random(1);
   tree.Branch("x", &x, kFewBaskets);
   for (int i = 0; i < entries; ++i) {
      x = random.Gaus();
      tree.Fill();
      if (i + 1 == older)
         tree.AutoSave();
   }
   tree.Write();
}

/// An RNTuple, alone or beside a tree.
void NTuple(const TString &name, bool withTree)
{
   TFile file(name, "RECREATE");
   auto model = ROOT::RNTupleModel::Create();
   model->MakeField<float>("x");
   ROOT::RNTupleWriter::Append(std::move(model), "Events", file)->Fill();
   if (!withTree)
      return;
   file.cd();
   WriteOneEntry();
}

void make_files(const char *folder)
{
   const TString to = TString(folder) + "/";
   NumbersAndTimes(to + "numbers.root");
   Cycles(to + "cycles.root", 1500);
   Cycles(to + "other_cycles.root", 1499);
   Cycles(to + "many_baskets.root", 1200000, 1200000); // in ours: more than ROOT has room for at first
   NTuple(to + "ntuple.root", false);
   NTuple(to + "ntuple_and_tree.root", true);
   WithoutOffsets(to + "no_offsets.root");
   FalseTable(to + "true_x.root", "x", 0);
   for (const char *victim : {"x", "n", "v", "long"}) {
      FalseTable(to + "false_" + victim + "_few.root", victim, 5);
      FalseTable(to + "false_" + victim + "_many.root", victim, (1LL << 62) - 1000);
   }
   Histogram(to + "histogram.root", true);
   Histogram(to + "histogram_alone.root", false);
   SpecialValues(to + "special.root");
   FewEntries(to + "few.root");
   ManyKinds(to + "kinds.root");
   ManyRows(to + "rows.root", 230000, 1);
   ManyRows(to + "rows_drifted.root", 20000, 3);
   ManyRows(to + "rows_few.root", 200, 1);
   Members(to + "members.root");
   Jagged(to + "jagged.root", 4);
   Jagged(to + "jagged2.root", 5);
   Jagged(to + "jagged_drifted.root", 6, 3);
}
