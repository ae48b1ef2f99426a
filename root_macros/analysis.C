/// \file analysis.C
/// An ordinary analysis: reads trees, fills histograms, writes them to a file.
///
///     root -l -b -q 'analysis.C("Higgs_data.root", "histograms.root")'
///
/// The UCI HIGGS trees (sig_tree, bkg_tree) get the mass peaks, the jets and a di-jet mass. Any other file gets one
/// histogram for each float or double branch. `binning` may name an earlier output whose axes are taken over.

#include "columns.h"

#include <TH1D.h>
#include <TMath.h>
#include <TTreeReader.h>
#include <TTreeReaderValue.h>

#include <cmath>
#include <iostream>
#include <map>
#include <memory>

/// The HIGGS set is scaled: positive quantities by their mean, angles by their standard deviation. This undoes it for
/// phi, whose range must be 2 pi.
constexpr double kPhiScale = 3.14159265358979 / 1.7436;

void FillHiggs(TTree &tree, TDirectory &out)
{
   out.cd();
   TTreeReader reader(&tree);

   struct Mass {
      const char *fBranch, *fTitle;
      double fLow, fHigh;
   };
   const Mass masses[] = {{"m_bb", "m_{bb} / #LTm_{bb}#GT", 0, 3},
                          {"m_wwbb", "m_{WWbb} / #LTm_{WWbb}#GT", 0.3, 2.1},
                          {"m_wbb", "m_{Wbb} / #LTm_{Wbb}#GT", 0.3, 2.7},
                          {"m_jj", "m_{jj} / #LTm_{jj}#GT", 0, 3},
                          {"m_jlv", "m_{jl#nu} / #LTm_{jl#nu}#GT", 0.2, 3},
                          {"m_jjj", "m_{jjj} / #LTm_{jjj}#GT", 0.2, 2.6}};

   std::map<std::string, std::unique_ptr<TTreeReaderValue<float>>> values;
   auto value = [&](const std::string &branch) {
      auto &slot = values[branch];
      if (!slot)
         slot = std::make_unique<TTreeReaderValue<float>>(reader, branch.c_str());
      return slot.get();
   };

   std::vector<std::pair<TH1D *, TTreeReaderValue<float> *>> plain;
   for (const auto &mass : masses)
      plain.emplace_back(new TH1D(mass.fBranch, Form(";%s;Events", mass.fTitle), 60, mass.fLow, mass.fHigh),
                         value(mass.fBranch));
   for (int jet = 1; jet <= 4; ++jet)
      plain.emplace_back(new TH1D(Form("jet%d_pt", jet),
                                  Form(";Jet %d p_{T} / #LTp_{T}#GT;Events", jet), 60, 0, 3.6),
                         value(Form("jet%d_pt", jet)));

   auto *pt1 = value("jet1_pt"), *pt2 = value("jet2_pt");
   auto *eta1 = value("jet1_eta"), *eta2 = value("jet2_eta");
   auto *phi1 = value("jet1_phi"), *phi2 = value("jet2_phi");
   auto *dijet = new TH1D("m_j1j2", ";m(jet_{1}, jet_{2}) / #sqrt{#LTp_{T,1}#GT#LTp_{T,2}#GT};Events", 60, 0, 8);

   while (reader.Next()) {
      for (auto &[histogram, x] : plain)
         histogram->Fill(**x);
      const double m2 = 2. * **pt1 * **pt2 * (std::cosh(**eta1 - **eta2) - std::cos(kPhiScale * (**phi1 - **phi2)));
      dijet->Fill(std::sqrt(std::max(m2, 0.)));
   }
   if (reader.GetEntryStatus() != TTreeReader::kEntryBeyondEnd)
      throw std::runtime_error(Form("tree %s could not be read to its end", tree.GetName()));
}

/// The range that holds all but the outermost values, so that rare tails and -999 do not squeeze the picture.
std::pair<double, double> Range(TLeaf &leaf, Long64_t entries)
{
   std::vector<double> x;
   Columns::ForEach(leaf, std::min<Long64_t>(entries, 100000), [&](double v) {
      if (std::isfinite(v))
         x.push_back(v);
   });
   if (x.empty())
      return {-1, 1};
   std::sort(x.begin(), x.end());
   const double low = x[x.size() / 200], high = x[x.size() - 1 - x.size() / 200];
   const double margin = high > low ? 0.05 * (high - low) : std::max(1., std::fabs(high));
   return {low - margin, high + margin};
}

void FillAny(TTree &tree, TDirectory &out, TFile *binning)
{
   const Long64_t entries = tree.GetEntries();
   for (auto *leaf : Columns::FloatLeaves(tree)) {
      const TString name = Columns::SafeName(Columns::Name(*leaf));
      TH1D *axes = binning ? binning->Get<TH1D>(Form("%s/%s", tree.GetName(), name.Data())) : nullptr;
      const auto [low, high] = axes ? std::make_pair(axes->GetXaxis()->GetXmin(), axes->GetXaxis()->GetXmax())
                                    : Range(*leaf, entries);
      out.cd();
      auto *histogram = new TH1D(name, Form(";%s;Entries", Columns::Name(*leaf).Data()), 60, low, high);
      Columns::ForEach(*leaf, entries, [&](double x) { histogram->Fill(x); });
   }
}

int analysis(const char *input = "Higgs_data.root", const char *output = "histograms.root", const char *binning = "")
{
   try {
      auto in = Columns::Open(input);
      std::unique_ptr<TFile> axes{*binning ? Columns::Open(binning) : nullptr};
      if (!gSystem->AccessPathName(output)) // true if there is none
         throw std::runtime_error(std::string(output) + " exists: name another file, or remove it");
      TFile out(output, "CREATE");
      if (out.IsZombie())
         throw std::runtime_error(std::string(output) + " cannot be written");
      const auto trees = Columns::Trees(*in);
      if (trees.empty())
         throw std::runtime_error(std::string(input) + " holds no tree");
      for (auto *tree : trees) {
         const TString name = tree->GetName();
         auto *folder = out.mkdir(name);
         if (name == "sig_tree" || name == "bkg_tree")
            FillHiggs(*tree, *folder);
         else
            FillAny(*tree, *folder, axes.get());
         std::cout << input << ": " << name << ", " << tree->GetEntries() << " entries, "
                   << folder->GetList()->GetSize() << " histograms\n";
      }
      out.Write();
   } catch (const std::exception &error) {
      return Columns::Fail("analysis.C", error);
   }
   return 0;
}
