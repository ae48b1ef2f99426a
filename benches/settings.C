/// \file settings.C
/// Writes and reads the float and double branches of a file with ROOT's own settings and with RootBaler, in one process,
/// and prints bytes (the whole file, model included; the baskets), ratio, CPU speed, and the worst error in units of the bound. Models and
/// bounds are those of two files that `rootbaler compress` wrote. The columns go to the folder `work`/columns as raw
/// doubles too, for peers outside ROOT.

#include "../root_macros/columns.h"

#include <RootBaler/Codec.h>

#include <TError.h>

#include <cmath>
#include <ctime>
#include <deque>
#include <fstream>
#include <functional>
#include <set>

R__LOAD_LIBRARY(libRootBaler)

namespace Bench {

struct Column {
   TString fName;
   bool fIsDouble;
   double fBound;
   std::vector<double> fValues;
   double fDouble = 0; ///< what branches read and write
   float fFloat = 0;
};

struct Table {
   TString fName;
   std::deque<Column> fColumns; ///< addresses must stay
   Long64_t fRows;
   RootBaler::Codec fGroup, fSingle;
};

double Seconds()
{
   timespec t;
   clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
   return t.tv_sec + 1e-9 * t.tv_nsec;
}

RootBaler::Codec CodecOf(TFile &file, const char *treeName)
{
   auto *tree = file.Get<TTree>(treeName);
   auto *codec = tree ? RootBaler::Codec::Of(tree) : nullptr;
   if (!codec)
      throw std::runtime_error(Form("%s: tree %s has no codec", file.GetName(), treeName));
   return *codec;
}

/// The scalar columns with the bounds and models of the compressed files.
std::vector<Table> ReadTables(const char *input, const char *group, const char *single)
{
   std::vector<Table> tables;
   auto file = Columns::Open(input), groupFile = Columns::Open(group), singleFile = Columns::Open(single);
   for (auto *tree : Columns::Trees(*file)) {
      Table table{tree->GetName(), {}, tree->GetEntries(), CodecOf(*groupFile, tree->GetName()),
                  CodecOf(*singleFile, tree->GetName())};
      const auto &codec = table.fGroup;
      for (auto *leaf : Columns::FloatLeaves(*tree)) {
         const TString bound = codec.GetBound(leaf->GetBranch()->GetName());
         if (!bound.BeginsWith("abs=") || leaf->GetLenStatic() != 1 || leaf->GetLeafCount())
            continue;
         Column column{leaf->GetBranch()->GetName(), TString(leaf->GetTypeName()) == "Double_t",
                       TString(bound(4, bound.Length())).Atof(), {}};
         Columns::ForEach(*leaf, table.fRows, [&](double x) { column.fValues.push_back(x); });
         table.fColumns.push_back(std::move(column));
      }
      if (!table.fColumns.empty())
         tables.push_back(std::move(table));
   }
   return tables;
}

/// The leaf list of a column: plain, or packed by ROOT's Double32_t and Float16_t with a range and enough bits.
TString LeafList(const Column &c, bool packed)
{
   if (!packed)
      return c.fName + (c.fIsDouble ? "/D" : "/F");
   double low = INFINITY, high = -INFINITY;
   for (double x : c.fValues) {
      low = std::min(low, x);
      high = std::max(high, x);
   }
   if (!(high > low))
      return c.fName + (c.fIsDouble ? "/D" : "/F");
   // The limits are rounded outwards, so that what ROOT reads back from the text still holds all values.
   low -= 1e-6 * (high - low);
   high += 1e-6 * (high - low);
   const int bits = std::max(2., std::ceil(std::log2((high - low) / (2 * c.fBound)) + 1e-3));
   return Form("%s/%s[%.12g,%.12g,%d]", c.fName.Data(), c.fIsDouble ? "d" : "f", low, high, bits);
}

double Write(std::vector<Table> &tables, const char *path, int setting, bool packed,
             RootBaler::Codec Table::*codec)
{
   TFile out(path, "RECREATE", "", codec ? 505 : setting);
   const double start = Seconds();
   for (auto &table : tables) {
      auto *tree = new TTree(table.fName, "");
      for (auto &c : table.fColumns)
         tree->Branch(c.fName, c.fIsDouble ? static_cast<void *>(&c.fDouble) : &c.fFloat, LeafList(c, packed));
      if (codec)
         (table.*codec).Attach(tree);
      for (auto *branch : *tree->GetListOfBranches())
         static_cast<TBranch *>(branch)->SetCompressionSettings(setting);
      for (Long64_t row = 0; row < table.fRows; ++row) {
         for (auto &c : table.fColumns)
            c.fFloat = c.fDouble = c.fValues[row];
         tree->Fill();
      }
      tree->Write();
   }
   out.Close();
   return Seconds() - start;
}

/// Reads everything; returns the seconds, and the worst error in units of the bound.
double Read(std::vector<Table> &tables, const char *path, double &worst)
{
   worst = 0;
   double seconds = 0;
   auto in = Columns::Open(path);
   for (auto &table : tables) {
      auto *tree = in->Get<TTree>(table.fName);
      for (auto &c : table.fColumns) {
         auto *branch = tree->GetBranch(c.fName);
         branch->SetAddress(c.fIsDouble ? static_cast<void *>(&c.fDouble) : &c.fFloat);
         std::vector<double> values(table.fRows);
         const double start = Seconds();
         for (Long64_t row = 0; row < table.fRows; ++row) {
            if (branch->GetEntry(row) <= 0)
               throw std::runtime_error(Form("%s: branch %s cannot be read", path, c.fName.Data()));
            values[row] = c.fIsDouble ? c.fDouble : c.fFloat;
         }
         seconds += Seconds() - start;
         for (Long64_t row = 0; row < table.fRows; ++row)
            worst = std::max(worst, std::fabs(values[row] - c.fValues[row]) / c.fBound);
      }
   }
   return seconds;
}

/// Bytes of all baskets without ROOT's keys: what codes that know no files can be compared with.
Long64_t Payload(const std::vector<Table> &tables, const char *path)
{
   auto in = Columns::Open(path);
   Long64_t bytes = 0;
   for (const auto &table : tables)
      for (const auto &c : table.fColumns) {
         auto *branch = in->Get<TTree>(table.fName)->GetBranch(c.fName);
         for (int i = 0; i < branch->GetWriteBasket(); ++i) {
            char head[18]; // of a TKey; its own length is in the last two bytes
            if (in->ReadBuffer(head, branch->GetBasketSeek(i), sizeof(head)))
               throw std::runtime_error(Form("%s: basket %d of %s cannot be read", path, i, c.fName.Data()));
            const auto keyLength = static_cast<unsigned char>(head[14]) * 256 + static_cast<unsigned char>(head[15]);
            bytes += branch->GetBasketBytes()[i] - keyLength;
         }
      }
   return bytes;
}

void DumpColumns(const std::vector<Table> &tables, const TString &folder)
{
   gSystem->mkdir(folder, kTRUE);
   std::ofstream list(folder + "/columns.txt");
   for (const auto &table : tables)
      for (const auto &c : table.fColumns) {
         const TString file = Columns::SafeName(table.fName + "_" + c.fName) + ".bin";
         list << file << ' ' << (c.fIsDouble ? "f8" : "f4") << ' ' << Form("%.17g", c.fBound) << '\n';
         std::ofstream bytes(folder + "/" + file, std::ios::binary);
         bytes.write(reinterpret_cast<const char *>(c.fValues.data()), c.fValues.size() * sizeof(double));
      }
}

} // namespace Bench

int settings(const char *input, const char *group, const char *single, const char *work)
{
   using namespace Bench;
   try {
      gErrorIgnoreLevel = kWarning;
      auto tables = ReadTables(input, group, single);
      double raw = 0;
      for (const auto &table : tables)
         for (const auto &c : table.fColumns)
            raw += table.fRows * (c.fIsDouble ? 8. : 4.);
      DumpColumns(tables, TString(work) + "/columns");

      struct Method {
         const char *fName;
         int fSetting;
         bool fPacked;
         RootBaler::Codec Table::*fCodec;
      };
      const Method methods[] = {{"ROOT 505 (zstd), lossless", 505, false, nullptr},
                                {"ROOT 207 (lzma), lossless", 207, false, nullptr},
                                {"Double32_t/Float16_t + 505", 505, true, nullptr},
                                {"Double32_t/Float16_t + 207", 207, true, nullptr},
                                {"RootBaler, single", RootBaler::Setting(), false, &Table::fSingle},
                                {"RootBaler, group", RootBaler::Setting(), false, &Table::fGroup}};
      std::cout << Form("%-30s %10s %10s %7s %9s %9s %8s\n", "", "file", "baskets", "ratio", "enc MB/s", "dec MB/s",
                        "error");
      for (const auto &m : methods) {
         const TString path = TString(work) + "/bench.root";
         const double write = Write(tables, path, m.fSetting, m.fPacked, m.fCodec);
         double worst;
         const double read = Read(tables, path, worst);
         const auto bytes = Columns::Open(path)->GetSize();
         const auto payload = Payload(tables, path);
         std::cout << Form("%-30s %10lld %10lld %7.3f %9.1f %9.1f %8.4f\n", m.fName, bytes, payload, raw / payload,
                           raw / write / 1e6, raw / read / 1e6, worst);
      }
      std::size_t models = 0;
      std::set<std::string> counted; // trees may share one
      for (const auto &table : tables)
         for (std::size_t i = 0; i < table.fGroup.GetNModels(); ++i)
            if (counted.insert(table.fGroup.GetModel(i)).second)
               models += table.fGroup.GetModel(i).size();
      std::cout << Form("raw %.0f bytes, models of group mode %zu bytes; baskets and ratio without ROOT's keys and models;\n"
                        "error in units of the bound; CPU time, Fill and GetEntry included\n",
                        raw, models);
   } catch (const std::exception &error) {
      return Columns::Fail("settings.C", error);
   }
   return 0;
}
