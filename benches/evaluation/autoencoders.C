/// \file autoencoders.C
/// Draws what compare.py wrote: bits per row of each kind of autoencoder, in units of those column by column.
///
///     root -l -b -q 'autoencoders.C("docs/evaluation")'

#include "../../root_macros/plots.h"
#include "versions.h"

#include <TLegend.h>
#include <TLine.h>

using namespace Evaluation;

namespace Autoencoders {

constexpr const char *kReference = "column by column";

struct Table {
   TString fName;
   std::vector<TString> fMethods;
   std::map<TString, std::vector<TString>> fCells; ///< of a method, from the third column of the file on
};

/// The tables in the file's order, and the names of all columns.
std::pair<std::vector<TString>, std::vector<Table>> Read(const TString &path)
{
   std::ifstream in(path.Data());
   std::string line;
   if (!std::getline(in, line))
      throw std::runtime_error(std::string(path.Data()) + " cannot be read: run scripts/autoencoders.sh first");
   const auto header = Split(line.c_str());
   std::vector<Table> tables;
   while (std::getline(in, line)) {
      auto cells = Split(line.c_str());
      if (cells.size() != header.size())
         throw std::runtime_error(std::string(path.Data()) + " has a row of another length: " + line);
      if (tables.empty() || tables.back().fName != cells[0])
         tables.push_back({cells[0], {}, {}});
      if (cells[1] != "RootBaler single") // column by column once more
         tables.back().fMethods.push_back(cells[1]);
      tables.back().fCells[cells[1]].assign(cells.begin() + 2, cells.end());
   }
   return {header, tables};
}

/// One panel: a group of bars for each method, a bar for each table; what is dark is spent on latents.
void Panel(const std::vector<Table> &tables, size_t column, const TString &bound, TLegend &legend)
{
   const auto &methods = tables.at(0).fMethods;
   const double width = 0.8 / tables.size();
   for (size_t i = 0; i < tables.size(); ++i) {
      TH1D *parts[2]; // all, latents
      for (int part : {0, 1}) {
         auto *h = parts[part] = new TH1D("", ";;Bits / column by column (%)", methods.size(), 0, methods.size());
         for (size_t j = 0; j < methods.size(); ++j) {
            const double unit = tables[i].fCells.at(kReference).at(column).Atof();
            h->SetBinContent(j + 1, 100 * tables[i].fCells.at(methods[j]).at(column + part).Atof() / unit);
            // Two words are two lines.
            TString label = methods[j];
            label.ReplaceAll(" (ideal bits back)", ", ideal");
            const auto space = label.First(' ');
            h->GetXaxis()->SetBinLabel(j + 1, space > 0 ? Form("#splitline{%s}{%s}", TString(label(0, space)).Data(),
                                                               TString(label(space + 1, 99)).Data())
                                                        : label.Data());
         }
         h->SetBarWidth(width);
         h->SetBarOffset(0.1 + i * width);
         h->SetFillColor(Plots::Colour(i));
         h->SetMinimum(0);
         h->SetMaximum(128);
         Plots::Letters(*h->GetYaxis(), 22, 1.6);
         Plots::Letters(*h->GetXaxis(), 20, 1);
         h->GetXaxis()->SetLabelOffset(0.02);
         h->GetXaxis()->SetTickLength(0);
      }
      parts[1]->SetFillColor(kBlack);
      parts[1]->SetFillStyle(3354);
      parts[0]->Draw(i == 0 ? "BAR" : "BAR SAME");
      parts[1]->Draw("BAR SAME");
      legend.AddEntry(parts[0], tables[i].fName, "f");
      if (i + 1 == tables.size())
         legend.AddEntry(parts[1], "latents", "f");
   }
   auto *line = new TLine(0, 100, methods.size(), 100);
   line->SetLineStyle(2);
   line->Draw();
   Plots::Caption("#bf{RootBaler}", "bound " + bound + " #sigma, rows not trained on, models apart");
   gPad->RedrawAxis();
}

} // namespace Autoencoders

int autoencoders(const char *folder)
{
   using namespace Autoencoders;
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   gStyle->SetHatchesLineWidth(2);
   try {
      const auto [header, tables] = Read(Form("%s/autoencoders.csv", folder));
      const TString start = "bits at ";
      std::vector<size_t> columns;
      for (size_t i = 2; i < header.size(); ++i)
         if (header[i].BeginsWith(start))
            columns.push_back(i - 2);
      TCanvas canvas("c", "c", 1100, 520 * columns.size());
      canvas.Divide(1, columns.size(), 0, 0);
      std::vector<std::unique_ptr<TLegend>> legends;
      for (size_t i = 0; i < columns.size(); ++i) {
         canvas.cd(i + 1)->SetMargin(0.10, 0.02, 0.17, 0.09);
         auto &legend = *legends.emplace_back(std::make_unique<TLegend>(0.11, 0.82, 0.97, 0.90));
         legend.SetNColumns(tables.size() + 1);
         legend.SetTextFont(43);
         legend.SetTextSize(20);
         legend.SetFillStyle(0);
         Panel(tables, columns[i], header[columns[i] + 2](start.Length(), 20), legend);
         legend.Draw();
      }
      canvas.Print(Form("%s/autoencoders.png", folder));
   } catch (const std::exception &error) {
      return Columns::Fail("autoencoders.C", error);
   }
   return 0;
}
