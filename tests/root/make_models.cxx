// Writes the samples from which make_models.sh trains the models of the tests: group.rbs, jagged.rbs,
// gen.rbs and rec.rbs.
#include "foreign.h"
#include "kinds.h"

#include <rootbaler/rootbaler.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

void Check(RbStatus status)
{
   if (status == RB_OK)
      return;
   std::fprintf(stderr, "%s\n", rb_last_error());
   std::exit(1);
}

template <typename T, typename F>
void Add(RbSample *sample, const std::string &name, RbType type, std::size_t rows, const F &value)
{
   std::vector<T> values;
   for (std::size_t row = 0; row < rows; ++row)
      values.push_back(static_cast<T>(value(row)));
   Check(rb_sample_add(sample, name.c_str(), type, "abs=0.01", NAN, values.data()));
}

void WriteGroup()
{
   RbSample *sample = nullptr;
   Check(rb_sample_new(kEntries, &sample));
   for (int c = 0; c < kColumns; ++c) {
      auto value = [c](std::size_t row) { return Value(c, row); };
      if (IsDouble(c))
         Add<double>(sample, Name(c), RB_F64, kEntries, value);
      else
         Add<float>(sample, Name(c), RB_F32, kEntries, value);
   }
   Check(rb_sample_write(sample, "group.rbs"));
   rb_sample_free(sample);
}

void WriteJagged()
{
   std::vector<std::uint32_t> counts;
   std::vector<std::pair<Long64_t, int>> rows;
   for (Long64_t entry = 0; entry < kKindEntries; ++entry) {
      counts.push_back(JetCount(entry));
      for (int element = 0; element < JetCount(entry); ++element)
         rows.emplace_back(entry, element);
   }
   RbSample *sample = nullptr;
   Check(rb_sample_new_jagged(counts.data(), counts.size(), &sample));
   for (int c = 0; c < kJetColumns; ++c) {
      auto value = [&, c](std::size_t row) { return JetValue(c, rows[row].first, rows[row].second); };
      if (c == 0)
         Add<std::int32_t>(sample, JetName(c), RB_I32, rows.size(), value);
      else if (c == 3)
         Add<double>(sample, JetName(c), RB_F64, rows.size(), value);
      else
         Add<float>(sample, JetName(c), RB_F32, rows.size(), value);
   }
   Check(rb_sample_write(sample, "jagged.rbs"));
   rb_sample_free(sample);
}

// Reconstructed objects, and of each the generated one that it points to.
void WriteForeign()
{
   std::vector<std::uint32_t> genCounts, recCounts;
   std::vector<float> genPt, recPt, seen;
   std::vector<std::int32_t> index;
   std::vector<std::uint8_t> present;
   for (Long64_t entry = 0; entry < kForeignEntries; ++entry) {
      genCounts.push_back(GenCount(entry));
      recCounts.push_back(RecCount(entry));
      for (int k = 0; k < GenCount(entry); ++k)
         genPt.push_back(GenPt(entry, k));
      for (int k = 0; k < RecCount(entry); ++k) {
         const int at = GenIndex(entry, k);
         recPt.push_back(RecPt(entry, k));
         index.push_back(at);
         present.push_back(at >= 0 && at < GenCount(entry));
         seen.push_back(present.back() ? GenPt(entry, at) : 0);
      }
   }
   RbSample *gen = nullptr, *rec = nullptr;
   Check(rb_sample_new_jagged(genCounts.data(), genCounts.size(), &gen));
   Check(rb_sample_add(gen, "Gen_pt", RB_F32, "abs=0.01", NAN, genPt.data()));
   Check(rb_sample_write(gen, "gen.rbs"));
   rb_sample_free(gen);
   Check(rb_sample_new_jagged(recCounts.data(), recCounts.size(), &rec));
   Check(rb_sample_add(rec, "Rec_pt", RB_F32, "abs=0.01", NAN, recPt.data()));
   Check(rb_sample_add(rec, "Rec_genIdx", RB_I32, "lossless", NAN, index.data()));
   Check(rb_sample_add_foreign(rec, "Gen_pt", "Rec_genIdx", RB_F32, seen.data(), present.data()));
   Check(rb_sample_write(rec, "rec.rbs"));
   rb_sample_free(rec);
}

int main()
{
   WriteForeign();
   WriteGroup();
   WriteJagged();
}
