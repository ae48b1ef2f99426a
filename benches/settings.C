/// \file settings.C
/// The numeric branches of a file written and read with ROOT's own settings, and read as `rootbaler compress` wrote
/// them. Prints CSV rows: file,bound,method,raw bytes,bytes,write MB/s,read MB/s,largest error / bound
///
///     root -l -b -q 'settings.C("in.root", "1e-3", "group=a.root,single=b.root", "work")'
///
/// Bytes are those of the baskets of all float and double branches that have an absolute bound in the compressed files,
/// without ROOT's keys; the models of a compressed file count. Speeds are raw bytes of those branches over CPU time:
/// reading them alone, one branch after the other; writing them together with the integers of their trees, which is
/// what Fill does.

#include "../root_macros/columns.h"

#include <RootBaler/Codec.h>

#include <TError.h>

#include <cmath>
#include <ctime>
#include <deque>
#include <map>
#include <sstream>

R__LOAD_LIBRARY(libRootBaler)

namespace Bench {

/// ROOT's default of 32 kB would be unfair to its codecs beside blocks of 2^18 values.
constexpr int kBasketSize = 256000;

struct Branch {
   TString fName, fList;     ///< "pt", "pt[n]/F"
   bool fIsFloat, fIsDouble; ///< fIsFloat: has a bound
   double fBound, fLow, fHigh;
   std::vector<char> fBuffer; ///< of one entry
   std::vector<double> fValues; ///< all, where there is a bound
};

struct Table {
   TString fName;
   Long64_t fRows;
   std::deque<Branch> fBranches; ///< addresses must stay
};

double Seconds()
{
   timespec t;
   clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
   return t.tv_sec + 1e-9 * t.tv_nsec;
}

/// The letter of a leaf list, or 0 for what is no number.
char Letter(const TString &type)
{
   static const std::map<TString, char> kLetters{
      {"Float_t", 'F'},  {"Double_t", 'D'}, {"Int_t", 'I'},   {"UInt_t", 'i'}, {"Long64_t", 'L'}, {"ULong64_t", 'l'},
      {"Short_t", 'S'}, {"UShort_t", 's'}, {"Char_t", 'B'}, {"UChar_t", 'b'}, {"Bool_t", 'O'}};
   const auto found = kLetters.find(type);
   return found == kLetters.end() ? 0 : found->second;
}

/// The branches of one numeric leaf each, in the order of the tree, with the bounds of a compressed file.
std::vector<Table> ReadTables(TFile &in, TFile &compressed)
{
   std::vector<Table> tables;
   for (auto *tree : Columns::Trees(in)) {
      auto *coded = compressed.Get<TTree>(tree->GetName());
      auto *codec = coded ? RootBaler::Codec::Of(coded) : nullptr;
      if (!codec)
         throw std::runtime_error(Form("%s: tree %s has no codec", compressed.GetName(), tree->GetName()));
      Table table{tree->GetName(), tree->GetEntries(), {}};
      for (auto *object : *tree->GetListOfLeaves()) {
         auto *leaf = static_cast<TLeaf *>(object);
         auto *branch = leaf->GetBranch();
         const char letter = Letter(leaf->GetTypeName());
         if (!letter || branch->GetNleaves() != 1)
            continue;
         const TString bound = codec->GetBound(branch->GetName());
         const bool isFloat = (letter == 'F' || letter == 'D') && bound.BeginsWith("abs=");
         const int most = leaf->GetLeafCount() ? std::max(1, leaf->GetLeafCount()->GetMaximum()) : 1;
         Branch b{branch->GetName(), TString(leaf->GetTitle()) + "/" + letter, isFloat, letter == 'D',
                  isFloat ? TString(bound(4, bound.Length())).Atof() : 0, INFINITY, -INFINITY,
                  std::vector<char>(size_t(most) * leaf->GetLenStatic() * leaf->GetLenType()), {}};
         if (isFloat)
            Columns::ForEach(*leaf, table.fRows, [&](double x) {
               b.fValues.push_back(x);
               if (std::isfinite(x)) {
                  b.fLow = std::min(b.fLow, x);
                  b.fHigh = std::max(b.fHigh, x);
               }
            });
         table.fBranches.push_back(std::move(b));
      }
      tables.push_back(std::move(table));
   }
   return tables;
}

double RawBytes(const std::vector<Table> &tables)
{
   double raw = 0;
   for (const auto &table : tables)
      for (const auto &b : table.fBranches)
         raw += b.fValues.size() * (b.fIsDouble ? 8. : 4.);
   return raw;
}

/// How values are made smaller before ROOT's codec sees them.
enum class Reduce { kNot, kMantissa, kPacked };

/// ROOT's Double32_t and Float16_t with a range and just enough bits, where there is a bound.
TString Packed(const Branch &b)
{
   if (!b.fIsFloat || !(b.fHigh > b.fLow))
      return b.fList;
   // The limits are rounded outwards, so that what ROOT reads back from the text still holds all values.
   const double margin = 1e-6 * (b.fHigh - b.fLow), low = b.fLow - margin, high = b.fHigh + margin;
   const int bits = std::max(2., std::ceil(std::log2((high - low) / (2 * b.fBound)) + 1e-3));
   const TString name = b.fList(0, b.fList.Last('/'));
   return Form("%s/%s[%.12g,%.12g,%d]", name.Data(), b.fIsDouble ? "d" : "f", low, high, bits);
}

/// Rounds to the fewest bits of mantissa that keep the bound for the largest value, as experiments do by hand.
template <typename Float, typename Bits, int kMantissa>
void Truncate(const Branch &b, Float *values, size_t n)
{
   const double largest = std::max(std::fabs(b.fLow), std::fabs(b.fHigh));
   if (!(largest > 0))
      return;
   const int kept = std::ceil(std::ilogb(largest) - 1 - std::log2(b.fBound));
   const int shift = kMantissa - std::max(0, kept);
   if (shift <= 0)
      return;
   for (size_t i = 0; i < n; ++i) {
      Bits bits;
      std::memcpy(&bits, values + i, sizeof bits);
      bits = ((bits >> shift) + ((bits >> (shift - 1)) & 1)) << shift;
      if (std::isfinite(values[i]))
         std::memcpy(values + i, &bits, sizeof bits);
   }
}

void Attach(TTree &from, Table &table)
{
   from.SetBranchStatus("*", false);
   for (auto &b : table.fBranches) {
      from.SetBranchStatus(b.fName, true);
      from.GetBranch(b.fName)->SetAddress(b.fBuffer.data());
   }
}

/// Seconds of reading all entries into the buffers: what must be taken off the time of a copy.
double Loop(TTree &from, TTree *to, std::vector<std::pair<Branch *, TLeaf *>> &truncated)
{
   const double start = Seconds();
   for (Long64_t row = 0; row < from.GetEntries(); ++row) {
      from.GetEntry(row);
      for (auto &[b, leaf] : truncated)
         if (b->fIsDouble)
            Truncate<double, ULong64_t, 52>(*b, reinterpret_cast<double *>(b->fBuffer.data()), leaf->GetLen());
         else
            Truncate<float, UInt_t, 23>(*b, reinterpret_cast<float *>(b->fBuffer.data()), leaf->GetLen());
      if (to)
         to->Fill();
   }
   return Seconds() - start;
}

/// Writes all branches; returns the seconds of Fill and Write. With `codecs`, as RootBaler would.
double Write(TFile &in, std::vector<Table> &tables, const char *path, int setting, Reduce reduce, TFile *codecs)
{
   TFile out(path, "RECREATE", "", codecs ? 505 : setting);
   double seconds = 0;
   for (auto &table : tables) {
      auto *from = in.Get<TTree>(table.fName);
      Attach(*from, table);
      from->LoadBaskets(); // so that reading below is a copy in memory
      std::vector<std::pair<Branch *, TLeaf *>> truncated;
      auto *to = new TTree(table.fName, "");
      for (auto &b : table.fBranches) {
         to->Branch(b.fName, b.fBuffer.data(), reduce == Reduce::kPacked ? Packed(b) : b.fList, kBasketSize);
         if (b.fIsFloat && reduce == Reduce::kMantissa)
            truncated.emplace_back(&b, static_cast<TLeaf *>(from->GetBranch(b.fName)->GetListOfLeaves()->At(0)));
      }
      if (codecs)
         RootBaler::Codec::Of(codecs->Get<TTree>(table.fName))->Attach(to);
      for (auto *branch : *to->GetListOfBranches())
         static_cast<TBranch *>(branch)->SetCompressionSettings(setting);
      seconds -= Loop(*from, nullptr, truncated);
      seconds += Loop(*from, to, truncated);
      const double start = Seconds();
      to->Write();
      seconds += Seconds() - start;
      from->ResetBranchAddresses();
   }
   out.Close();
   return seconds;
}

/// Reads all branches that have a bound; the largest error in units of the bound goes to `worst`.
double Read(std::vector<Table> &tables, const char *path, double &worst)
{
   worst = 0;
   double seconds = 0;
   auto in = Columns::Open(path);
   for (auto &table : tables) {
      auto *tree = in->Get<TTree>(table.fName);
      for (auto &b : table.fBranches) {
         if (!b.fIsFloat)
            continue;
         auto *branch = tree->GetBranch(b.fName);
         auto *leaf = static_cast<TLeaf *>(branch->GetListOfLeaves()->At(0));
         branch->SetAddress(b.fBuffer.data());
         const double start = Seconds();
         for (Long64_t row = 0; row < table.fRows; ++row)
            if (branch->GetEntry(row) < 0)
               throw std::runtime_error(Form("%s: branch %s cannot be read", path, b.fName.Data()));
         seconds += Seconds() - start;
         size_t i = 0;
         Columns::ForEach(*leaf, table.fRows, [&](double y) {
            const double x = b.fValues.at(i++);
            if (std::isfinite(x))
               worst = std::max(worst, std::fabs(y - x) / b.fBound);
         });
      }
   }
   return seconds;
}

/// Bytes of the baskets of all branches that have a bound, without ROOT's keys.
Long64_t Payload(const std::vector<Table> &tables, const char *path)
{
   auto in = Columns::Open(path);
   Long64_t bytes = 0;
   for (const auto &table : tables)
      for (const auto &b : table.fBranches) {
         if (!b.fIsFloat)
            continue;
         auto *branch = in->Get<TTree>(table.fName)->GetBranch(b.fName);
         for (int i = 0; i < branch->GetWriteBasket(); ++i) {
            char head[18]; // of a TKey; its own length is in the last two bytes
            if (in->ReadBuffer(head, branch->GetBasketSeek(i), sizeof(head)))
               throw std::runtime_error(Form("%s: basket %d of %s cannot be read", path, i, b.fName.Data()));
            const auto keyLength = static_cast<unsigned char>(head[14]) * 256 + static_cast<unsigned char>(head[15]);
            bytes += branch->GetBasketBytes()[i] - keyLength;
         }
      }
   return bytes;
}

/// Bytes of the networks' parameters in a compressed file; trees may share a model.
Long64_t Models(const std::vector<Table> &tables, TFile &compressed)
{
   Long64_t bytes = 0;
   std::vector<std::string> counted;
   for (const auto &table : tables) {
      auto *codec = RootBaler::Codec::Of(compressed.Get<TTree>(table.fName));
      for (std::size_t i = 0; i < codec->GetNModels(); ++i) {
         const auto model = codec->GetModel(i);
         if (std::count(counted.begin(), counted.end(), model))
            continue;
         counted.push_back(model);
         bytes += model.size();
      }
   }
   return bytes;
}

} // namespace Bench

int settings(const char *input, const char *bound, const char *compressed, const char *work)
{
   using namespace Bench;
   try {
      gErrorIgnoreLevel = kWarning;
      std::vector<std::pair<TString, TString>> ours;
      std::stringstream list(compressed);
      for (std::string one; std::getline(list, one, ',');)
         ours.emplace_back(one.substr(0, one.find('=')), one.substr(one.find('=') + 1));
      if (ours.empty())
         throw std::runtime_error("name at least one compressed file: its bounds count");
      auto in = Columns::Open(input), first = Columns::Open(ours[0].second);
      auto tables = ReadTables(*in, *first);
      const double raw = RawBytes(tables);
      const TString name = TString(gSystem->BaseName(input)).ReplaceAll(".root", ""),
                    scratch = Form("%s/bench.root", work);
      const auto row = [&](const char *method, Long64_t bytes, double write, double read, double worst) {
         std::cout << Form("%s,%s,%s,%.0f,%lld,%.1f,%.1f,%.4f\n", name.Data(), bound, method, raw, bytes,
                           raw / write / 1e6, raw / read / 1e6, worst)
                   << std::flush;
      };
      struct Method {
         const char *fName;
         int fSetting;
         Reduce fReduce;
      };
      double worst;
      for (const auto &m : {Method{"ROOT 505 (zstd; lossless)", 505, Reduce::kNot},
                            Method{"ROOT 207 (LZMA; lossless)", 207, Reduce::kNot},
                            Method{"mantissa truncation + 207", 207, Reduce::kMantissa},
                            Method{"Double32_t/Float16_t + 505", 505, Reduce::kPacked},
                            Method{"Double32_t/Float16_t + 207", 207, Reduce::kPacked}}) {
         const double write = Write(*in, tables, scratch, m.fSetting, m.fReduce, nullptr);
         const double read = Read(tables, scratch, worst);
         row(m.fName, Payload(tables, scratch), write, read, worst);
      }
      for (const auto &[label, path] : ours) {
         auto file = Columns::Open(path);
         const double write = Write(*in, tables, scratch, RootBaler::Setting(), Reduce::kNot, file.get());
         const double read = Read(tables, path, worst);
         row("RootBaler " + label, Payload(tables, path) + Models(tables, *file), write, read, worst);
      }
      gSystem->Unlink(scratch);
   } catch (const std::exception &error) {
      return Columns::Fail("settings.C", error);
   }
   return 0;
}
