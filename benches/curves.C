/// \file curves.C
/// Draws what `make bench` measured: ratio against bound, ratio against reading speed, and the bits of each column
/// alone and given the others.
///
///     root -l -b -q 'curves.C("out/bench")'

#include "../root_macros/plots.h"
#include "evaluation/versions.h"

#include <TGraph.h>
#include <TLegend.h>

#include <set>

namespace Curves {

using Row = std::vector<TString>; ///< cells: file, bound, method, raw bytes, bytes, write, read, error

std::vector<Row> ReadRows(const TString &path)
{
   std::ifstream in(path.Data());
   std::string line;
   if (!std::getline(in, line))
      throw std::runtime_error(std::string(path.Data()) + " cannot be read: run make bench first");
   std::vector<Row> rows;
   while (std::getline(in, line))
      rows.push_back(Evaluation::Split(line.c_str()));
   return rows;
}

double Ratio(const Row &row)
{
   return row.at(3).Atof() / row.at(4).Atof();
}

/// Colour and marker of a method; ours are filled.
struct Style {
   const char *fMethod;
   int fColour, fMarker;
};
const Style kStyles[] = {{"RootBaler group", 0, 20},           {"RootBaler single", 0, 24},
                         {"quantise + pcodec", 1, 21},         {"SZ3 (no predictor)", 2, 25},
                         {"SZ3 (interpolation)", 2, 26},       {"zfp (tuned)", 3, 27},
                         {"Double32_t/Float16_t + 505", 4, 28}, {"Double32_t/Float16_t + 207", 4, 32},
                         {"mantissa truncation + 207", 5, 30}, {"ROOT 505 (zstd; lossless)", 6, 5},
                         {"ROOT 207 (LZMA; lossless)", 6, 2}};

TGraph *Graph(const Style &style)
{
   auto *graph = new TGraph;
   const Int_t colour = style.fColour == 6 ? Int_t(kGray + 2) : Plots::Colour(style.fColour);
   graph->SetLineColor(colour);
   graph->SetMarkerColor(colour);
   graph->SetMarkerStyle(style.fMarker);
   graph->SetMarkerSize(1.6);
   graph->SetLineWidth(style.fMarker == 20 ? 3 : 1);
   return graph;
}

TLegend *Legend(double left, double bottom, double right, double top)
{
   auto *legend = new TLegend(left, bottom, right, top);
   legend->SetTextFont(43);
   legend->SetTextSize(20);
   legend->SetFillStyle(0);
   return legend;
}

/// The frame of a picture, with room for the legend on its right.
TH1F *Frame(TCanvas &canvas, double low, double high, double bottom, double top, const char *titles)
{
   canvas.SetMargin(0.09, 0.33, 0.14, 0.08);
   canvas.SetLogx();
   auto *frame = canvas.DrawFrame(low, bottom, high, top, titles);
   Plots::Letters(*frame->GetXaxis(), 24, 1.2);
   Plots::Letters(*frame->GetYaxis(), 24, 1.2);
   return frame;
}

void AgainstBound(const TString &png, const TString &file, const std::vector<Row> &rows)
{
   TCanvas canvas("c", "c", 1200, 750);
   double highest = 1;
   for (const auto &row : rows)
      highest = std::max(highest, Ratio(row));
   Frame(canvas, 6e-5, 1.6e-2, 0, 1.08 * highest, ";Bound [#sigma of the branch];Floats before / after");
   auto *legend = Legend(0.68, 0.35, 0.99, 0.92);
   for (const auto &style : kStyles) {
      auto *graph = Graph(style);
      for (const auto &row : rows)
         if (row.at(2) == style.fMethod)
            graph->AddPoint(row[1].Atof(), Ratio(row));
      if (graph->GetN() == 0)
         continue;
      graph->Draw("LP");
      legend->AddEntry(graph, style.fMethod, "lp");
   }
   legend->Draw();
   Plots::Caption("#bf{RootBaler}", file + ", models included");
   canvas.Print(png);
}

void AgainstSpeed(const TString &png, const TString &file, const std::vector<Row> &rows)
{
   TCanvas canvas("c", "c", 1200, 750);
   double highest = 1, slow = INFINITY, fast = 0;
   for (const auto &row : rows) {
      highest = std::max(highest, Ratio(row));
      slow = std::min(slow, row.at(6).Atof());
      fast = std::max(fast, row[6].Atof());
   }
   Frame(canvas, 0.7 * slow, 1.5 * fast, 0, 1.12 * highest,
         ";Reading, one thread [MB/s of floats];Floats before / after");
   auto *legend = Legend(0.68, 0.35, 0.99, 0.92);
   // Our levels from fast to small; the default is what the first style stands for.
   auto *levels = Graph(kStyles[0]);
   TLatex label;
   label.SetTextFont(43);
   label.SetTextSize(18);
   for (int level = 1; level <= 9; ++level)
      for (const auto &row : rows)
         if (row[2] == Form("RootBaler level %d", level) || (level == 5 && row[2] == "RootBaler group")) {
            levels->AddPoint(row[6].Atof(), Ratio(row));
            label.DrawLatex(row[6].Atof(), Ratio(row) + 0.02 * highest, Form(" %d", level));
         }
   levels->Draw("LP");
   legend->AddEntry(levels, "RootBaler group, by level", "lp");
   for (const auto &style : kStyles) {
      if (TString(style.fMethod) == "RootBaler group")
         continue;
      auto *graph = Graph(style);
      for (const auto &row : rows)
         if (row.at(2) == style.fMethod)
            graph->AddPoint(row[6].Atof(), Ratio(row));
      if (graph->GetN() == 0)
         continue;
      graph->Draw("P");
      legend->AddEntry(graph, style.fMethod, "p");
   }
   legend->Draw();
   Plots::Caption("#bf{RootBaler}", file + ", 10^{-3}#sigma");
   canvas.Print(png);
}

/// A bar for each column: what it costs alone, and what it costs given the columns before it.
void Bits(const TString &png, const TString &file, const std::vector<Row> &rows)
{
   const int n = rows.size(), height = 170 + 22 * n;
   TCanvas canvas("c", "c", 1000, height);
   canvas.SetMargin(0.24, 0.26, 95. / height, 60. / height);
   TH1D alone("alone", ";;Bits per value at 10^{-3}#sigma", n, 0, n), given("given", "", n, 0, n);
   for (int i = 0; i < n; ++i) {
      alone.GetXaxis()->SetBinLabel(n - i, rows[i].at(2));
      alone.SetBinContent(n - i, rows[i].at(3).Atof());
      given.SetBinContent(n - i, rows[i].at(4).Atof());
   }
   for (auto *h : {&alone, &given}) {
      h->SetBarWidth(h == &alone ? 0.84 : 0.5);
      h->SetBarOffset(h == &alone ? 0.08 : 0.25);
      h->SetFillColor(h == &alone ? Int_t(kGray) : Plots::Colour(0));
      h->SetMinimum(0);
   }
   Plots::Letters(*alone.GetXaxis(), 18, 1);
   Plots::Letters(*alone.GetYaxis(), 22, 1.2);
   alone.Draw("HBAR");
   given.Draw("HBAR SAME");
   auto *legend = Legend(0.75, 1 - 140. / height, 0.99, 1 - 65. / height);
   legend->AddEntry(&alone, "alone", "f");
   legend->AddEntry(&given, "given the others", "f");
   legend->Draw();
   Plots::Caption("#bf{RootBaler}", file);
   canvas.Print(png);
}

} // namespace Curves

int curves(const char *folder)
{
   using namespace Curves;
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   try {
      std::map<TString, std::vector<Row>> files, columns;
      for (const auto &row : ReadRows(Form("%s/peers.csv", folder)))
         files[row.at(0)].push_back(row);
      for (const auto &row : ReadRows(Form("%s/columns.csv", folder)))
         columns[row.at(0)].push_back(row);
      for (const auto &[file, rows] : files) {
         AgainstBound(Form("%s/bound_%s.png", folder, file.Data()), file, rows);
         std::vector<Row> middle;
         std::copy_if(rows.begin(), rows.end(), std::back_inserter(middle),
                      [](const Row &row) { return row.at(1) == "1e-3"; });
         AgainstSpeed(Form("%s/speed_%s.png", folder, file.Data()), file, middle);
      }
      for (const auto &[file, rows] : columns)
         Bits(Form("%s/bits_%s.png", folder, file.Data()), file, rows);
   } catch (const std::exception &error) {
      return Columns::Fail("curves.C", error);
   }
   return 0;
}
