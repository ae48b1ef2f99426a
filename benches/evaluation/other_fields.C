/// \file other_fields.C
/// Data from outside particle physics as trees: the orientation of the Earth day by day since 1962 (a real time series, the
/// IERS's EOP C04 as the Python package astropy-iers-data brings it), and a simulated star catalogue (what a catalogue holds,
/// from random numbers: positions, parallaxes, proper motions and magnitudes with their errors).
///
///     root -l -b -q 'other_fields.C("eopc04.1962-now", "out")'

#include "../../root_macros/columns.h"

#include <TRandom3.h>

#include <cmath>
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

/// Stars of a thin disc seen from inside it; errors grow with the magnitude as a survey's do.
void Stars(const char *path, int n)
{
   TRandom3 random(7);
   TFile file(path, "RECREATE");
   auto *tree = new TTree("stars", "simulated catalogue");
   double ra, dec;
   float parallax, parallaxErr, pmra, pmdec, pmErr, g, bp, rp, colour, teff, velocity;
   tree->Branch("ra", &ra);
   tree->Branch("dec", &dec);
   const std::pair<const char *, float *> floats[] = {
      {"parallax", &parallax}, {"parallax_err", &parallaxErr}, {"pmra", &pmra}, {"pmdec", &pmdec}, {"pm_err", &pmErr}, {"g_mag", &g},
      {"bp_mag", &bp}, {"rp_mag", &rp}, {"bp_rp", &colour}, {"teff", &teff}, {"radial_velocity", &velocity}};
   for (const auto &[name, address] : floats)
      tree->Branch(name, address);
   while (tree->GetEntries() < n) {
      const double distance = 2000 * std::cbrt(random.Uniform()), height = random.Exp(300) * (random.Uniform() < 0.5 ? -1 : 1);
      if (std::fabs(height) >= distance)
         continue;
      const double b = std::asin(height / distance), l = random.Uniform(0, 2 * M_PI);
      // Galactic to equatorial.
      const double sinDec = std::sin(b) * std::sin(0.473479) + std::cos(b) * std::cos(0.473479) * std::cos(l - 2.145567);
      dec = std::asin(sinDec) * 180 / M_PI;
      const double y = std::cos(b) * std::sin(2.145567 - l);
      const double x = std::sin(b) * std::cos(0.473479) - std::cos(b) * std::sin(0.473479) * std::cos(l - 2.145567);
      ra = std::fmod(std::atan2(y, x) * 180 / M_PI + 192.8595 + 360, 360.);
      const double trueColour = 0.3 + random.Exp(0.6), absolute = 1.5 + 4 * trueColour - 0.5 * trueColour * trueColour;
      const double magnitude = absolute + 5 * std::log10(distance / 10) + random.Gaus(0, 0.3);
      if (magnitude > 18 || trueColour > 3)
         continue;
      parallaxErr = 0.02 * (1 + std::pow(10, 0.2 * (magnitude - 15))) * random.Gaus(1, 0.1);
      parallax = 1000 / distance + random.Gaus(0, parallaxErr);
      pmErr = 1.1 * parallaxErr * random.Gaus(1, 0.05);
      // 4.74 km/s is one astronomical unit a year
      pmra = random.Gaus(-10, 35) / 4.74e-3 / distance + random.Gaus(0, pmErr);
      pmdec = random.Gaus(-15, 25) / 4.74e-3 / distance + random.Gaus(0, pmErr);
      g = magnitude;
      const double noise = 0.002 * std::pow(10, 0.2 * (magnitude - 13));
      bp = magnitude + 0.45 * trueColour + random.Gaus(0, noise);
      rp = magnitude - 0.55 * trueColour + random.Gaus(0, noise);
      colour = bp - rp;
      teff = 8500 / (0.6 + 0.5 * trueColour) + random.Gaus(0, 80);
      velocity = random.Gaus(-5, 30);
      tree->Fill();
   }
   file.Write();
}

} // namespace OtherFields

int other_fields(const char *earth, const char *folder, int stars = 100000)
{
   try {
      if (*earth)
         OtherFields::Earth(earth, Form("%s/earth_orientation.root", folder));
      OtherFields::Stars(Form("%s/stars_simulated.root", folder), stars);
   } catch (const std::exception &error) {
      return Columns::Fail("other_fields.C", error);
   }
   return 0;
}
