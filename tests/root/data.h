// The values of the test trees, computed anew by every process that writes or checks them.
#ifndef ROOTBALER_TEST_DATA_H
#define ROOTBALER_TEST_DATA_H

#include <TError.h>
#include <TSystem.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

constexpr Long64_t kEntries = 20000;
constexpr int kColumns = 6; // c0 .. c5; c2 and c5 are Double_t
inline bool IsDouble(int column) { return column == 2 || column == 5; }
inline std::string Name(int column) { return "c" + std::to_string(column); }

inline double Noise(std::uint64_t entry, std::uint64_t column)
{
   std::uint64_t x = entry * 0x9e3779b97f4a7c15u + column * 0xbf58476d1ce4e5b9u + 12345;
   double sum = 0; // nearly a Gaussian, the same on every machine
   for (int i = 0; i < 4; ++i) {
      x ^= x >> 30;
      x *= 0xbf58476d1ce4e5b9u;
      x ^= x >> 27;
      x *= 0x94d049bb133111ebu;
      x ^= x >> 31;
      sum += double(x >> 11) / 9007199254740992.0 - 0.5;
   }
   return sum;
}

/// Value of a column; later columns follow from earlier ones but for a little noise.
inline double Value(int column, Long64_t entry)
{
   double value = 10 * Noise(entry, column);
   if (column >= 3)
      value = Value(0, entry) + 0.5 * Value(column - 2, entry) + 0.05 * value;
   if (entry % 11 == 3)
      value = -999; // often repeated
   return IsDouble(column) ? value : double(float(value));
}

/// Bound of every column in the tests that have one.
constexpr double kBound = 0.01;

/// Bit patterns that only exact storage keeps.
inline float Special(Long64_t entry)
{
   static const std::uint32_t patterns[] = {0x7fc00001u, 0xffc12345u, 0x7f800000u, 0xff800000u, 0x80000000u,
                                            0x00000001u, 0x807fffffu, 0x7f7fffffu, 0x00000000u};
   std::uint32_t bits = entry % 5 == 0 ? patterns[(entry / 5) % 9] : std::uint32_t(entry * 2654435761u);
   float value;
   std::memcpy(&value, &bits, 4);
   return value;
}

inline void Fail(const std::string &what)
{
   ::Error("test", "%s", what.c_str());
   gSystem->Exit(1);
}

inline void Require(bool condition, const std::string &what)
{
   if (!condition)
      Fail(what);
}

inline void RequireClose(double value, int column, Long64_t entry, const std::string &how)
{
   const double expected = Value(column, entry);
   if (!(std::abs(value - expected) <= kBound))
      Fail(how + ": " + Name(column) + " of entry " + std::to_string(entry) + " is " + std::to_string(value) +
           ", was " + std::to_string(expected));
}

#endif
