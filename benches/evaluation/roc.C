/// \file roc.C
/// Draws what classifier.py wrote: background rejection against signal efficiency, before and after.
///
///     root -l -b -q 'roc.C("docs/evaluation")'

#include "draw.h"
#include "versions.h"

using namespace Evaluation;

/// The columns of a CSV file of numbers, and their names.
std::pair<std::vector<TString>, std::vector<Values>> ReadCsv(const TString &path)
{
   std::ifstream in(path.Data());
   std::string line;
   if (!std::getline(in, line))
      throw std::runtime_error(std::string(path.Data()) + " cannot be read: run classifier.py first");
   const auto names = Split(line.c_str());
   std::vector<Values> columns(names.size());
   while (std::getline(in, line)) {
      const auto cells = Split(line.c_str());
      for (size_t i = 0; i < names.size() && i < cells.size(); ++i)
         columns[i].push_back(cells[i].Atof());
   }
   return {names, columns};
}

int roc(const char *folder)
{
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   try {
      const auto [names, columns] = ReadCsv(Form("%s/roc.csv", folder));
      const auto &efficiency = columns.at(0);
      const double half = 0.5 * (efficiency.at(1) - efficiency[0]);
      constexpr double kBackground = 5000; // events tested
      std::vector<TH1D *> curves;
      for (size_t i = 1; i < columns.size(); ++i) {
         auto *h = new TH1D("", ";Signal efficiency;1 / background efficiency", efficiency.size(), efficiency[0] - half,
                            efficiency.back() + half);
         for (size_t j = 0; j < efficiency.size(); ++j) {
            const double e = std::max(columns[i][j], 1 / kBackground);
            h->SetBinContent(j + 1, 1 / e);
            h->SetBinError(j + 1, std::sqrt((1 - e) / (e * kBackground)) / e);
         }
         curves.push_back(h);
      }
      std::vector<After> after;
      for (size_t i = 1; i < curves.size(); ++i) {
         const TString bound = names[i + 1](names[i + 1].Last(' ') + 1, 10);
         after.push_back({"after, " + BoundTitle(TString(bound).Strip(TString::kTrailing, '\r')), curves[i]});
      }
      Look look;
      look.fCaption = "HIGGS, classifier trained before";
      look.fLogY = true;
      Draw(Form("%s/higgs_roc.png", folder), *curves[0], after, look);
   } catch (const std::exception &error) {
      return Columns::Fail("roc.C", error);
   }
   return 0;
}
