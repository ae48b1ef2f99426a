/// \file threads.C
/// How reading all float and double branches of files scales with threads: TTreeProcessorMT with 1, 2 and more threads,
/// up to one for each core, wall time, medians of several rounds, files and threads in turn within each round. The
/// values must be the same for any number of threads.
///
/// On a busy machine only CPU time tells: what one thread takes, over what the busiest of several takes with all that
/// is done outside of tasks, is the speed-up on idle cores, unless threads wait for each other.
///
/// `files` names files with one tree, as "name=path name=path ..."; times are compared with those of the first.
/// A task is a cluster: with fewer than a few for each thread, some threads are idle at the end.

#include "../root_macros/columns.h"

#include <ROOT/TTreeProcessorMT.hxx>
#include <TError.h>
#include <TSystem.h>
#include <TTreeReader.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <thread>

#include <sys/resource.h>

R__LOAD_LIBRARY(libRootBaler)

namespace Bench {

struct Reading {
   double fSeconds = 0;
   double fProcessor = 0; ///< seconds of all threads
   double fPath = 0;      ///< of the busiest thread, and what is done outside of tasks
   long fWaits = 0;       ///< how often a thread waited for something
   std::uint64_t fSum = 0; ///< of all values, whatever their order
   Long64_t fValues = 0;
};

/// Memory for what GetEntry reads into.
std::vector<std::vector<double>> Bind(const std::vector<TLeaf *> &leaves)
{
   std::vector<std::vector<double>> buffers;
   for (auto *leaf : leaves) {
      const int most = leaf->GetLenStatic() * (leaf->GetLeafCount() ? leaf->GetLeafCount()->GetMaximum() : 1);
      buffers.emplace_back(most + 1);
      leaf->GetBranch()->SetAddress(buffers.back().data());
   }
   return buffers;
}

/// The sum of the values' bits over the entries from `first` to `end`, branch by branch.
Reading ReadRange(TTree &tree, Long64_t first, Long64_t end)
{
   Reading result;
   const auto leaves = Columns::FloatLeaves(tree);
   const auto buffers = Bind(leaves);
   for (std::size_t i = 0; i < leaves.size(); ++i) {
      auto *branch = leaves[i]->GetBranch();
      const auto *bytes = reinterpret_cast<const char *>(buffers[i].data());
      const int width = leaves[i]->GetLenType();
      for (Long64_t entry = first; entry < end; ++entry) {
         const int size = branch->GetEntry(entry);
         if (size < 0)
            throw std::runtime_error(Form("branch %s cannot be read at entry %lld", branch->GetName(), entry));
         for (int at = 0; at < size; at += width) {
            std::uint64_t bits = 0;
            std::memcpy(&bits, bytes + at, width);
            result.fSum += bits * (2 * (entry + i) + 1);
         }
         result.fValues += size / width;
      }
   }
   tree.ResetBranchAddresses();
   return result;
}

double ThreadSeconds()
{
   timespec time;
   clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
   return time.tv_sec + 1e-9 * time.tv_nsec;
}

void AddUsage(Reading &reading, int sign)
{
   rusage usage;
   getrusage(RUSAGE_SELF, &usage);
   for (const timeval &time : {usage.ru_utime, usage.ru_stime})
      reading.fProcessor += sign * (time.tv_sec + 1e-6 * time.tv_usec);
   reading.fWaits += sign * usage.ru_nvcsw;
}

Reading ReadAll(const char *path, const char *tree, unsigned threads)
{
   std::atomic<std::uint64_t> sum{0};
   std::atomic<Long64_t> values{0};
   std::mutex mutex;
   std::map<std::thread::id, double> busy; // in tasks
   Reading result;
   AddUsage(result, -1);
   const auto start = std::chrono::steady_clock::now();
   ROOT::TTreeProcessorMT processor(path, tree, threads);
   processor.Process([&](TTreeReader &reader) {
      const double begin = ThreadSeconds();
      const auto range = reader.GetEntriesRange();
      if (reader.GetTree()->LoadTree(range.first) < 0) // a chain of one file
         throw std::runtime_error(std::string(path) + " cannot be read");
      const auto part = ReadRange(*reader.GetTree()->GetTree(), range.first, range.second);
      sum += part.fSum;
      values += part.fValues;
      const double taken = ThreadSeconds() - begin;
      std::lock_guard<std::mutex> lock(mutex);
      busy[std::this_thread::get_id()] += taken;
   });
   const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
   AddUsage(result, 1);
   double most = 0, sumOfAll = 0;
   for (auto &[id, seconds] : busy) {
      most = std::max(most, seconds);
      sumOfAll += seconds;
   }
   result.fPath = result.fProcessor - sumOfAll + most;
   result.fSeconds = taken.count();
   result.fSum = sum;
   result.fValues = values;
   return result;
}

/// What ReadApart() starts.
void PrintReading(const char *path, const char *tree, unsigned threads)
{
   try {
      const auto r = ReadAll(path, tree, threads);
      std::cout << Form("\nREADING %llu %lld %.9g %.9g %.9g %ld", (unsigned long long)r.fSum, r.fValues, r.fSeconds,
                        r.fProcessor, r.fPath, r.fWaits)
                << std::endl;
   } catch (const std::exception &error) {
      Columns::Fail("threads.C", error);
   }
}

/// The same in a process of its own, started afresh: neither a thread nor a decoded basket of another round is there.
/// In a forked one, threads slowed each other down, with zstd too.
Reading ReadApart(const char *path, const char *tree, unsigned threads)
{
   const TString said = gSystem->GetFromPipe(
      Form("root.exe -l -b -q -e '#include \"%s\"' -e 'Bench::PrintReading(\"%s\", \"%s\", %u)'", __FILE__, path,
           tree, threads));
   Reading result;
   unsigned long long sum = 0;
   const Ssiz_t at = said.Index("READING ");
   if (at < 0 || sscanf(said.Data() + at, "READING %llu %lld %lg %lg %lg %ld", &sum, &result.fValues, &result.fSeconds,
                        &result.fProcessor, &result.fPath, &result.fWaits) != 6 || result.fValues == 0)
      throw std::runtime_error(std::string(path) + " cannot be read; see the messages above");
   result.fSum = sum;
   return result;
}

template <typename Get>
double Median(const std::vector<Reading> &readings, Get get)
{
   std::vector<double> values;
   for (auto &reading : readings)
      values.push_back(get(reading));
   std::sort(values.begin(), values.end());
   return values[values.size() / 2];
}

double Seconds(const std::vector<Reading> &readings)
{
   return Median(readings, [](const Reading &r) { return r.fSeconds; });
}

double Processor(const std::vector<Reading> &readings)
{
   return Median(readings, [](const Reading &r) { return r.fProcessor; });
}

struct Method {
   TString fName, fPath, fTree;
   std::map<unsigned, std::vector<Reading>> fReadings; ///< by the number of threads
};

std::vector<Method> Methods(const char *files)
{
   std::vector<Method> methods;
   std::unique_ptr<TObjArray> list(TString(files).Tokenize(" "));
   for (auto *item : *list) {
      const TString pair = item->GetName();
      const auto at = pair.Index("=");
      Method method{pair(0, at), pair(at + 1, pair.Length()), "", {}};
      auto file = Columns::Open(method.fPath);
      const auto trees = Columns::Trees(*file);
      if (trees.size() != 1)
         throw std::runtime_error((method.fPath + " must have one tree").Data());
      method.fTree = trees[0]->GetName();
      int clusters = 0;
      for (auto next = trees[0]->GetClusterIterator(0); next() < trees[0]->GetEntries();)
         ++clusters;
      // libraries and models are there before the clock runs
      ReadRange(*trees[0], 0, 1);
      std::cout << Form("%s: %lld bytes, %lld entries in %d clusters\n", method.fName.Data(), file->GetSize(),
                        trees[0]->GetEntries(), clusters);
      methods.push_back(method);
   }
   return methods;
}

} // namespace Bench

int threads(const char *files, int rounds = 5)
{
   using namespace Bench;
   try {
      gErrorIgnoreLevel = kWarning;
      auto methods = Methods(files);
      const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
      for (int round = 0; round < rounds; ++round)
         for (unsigned n = 1; n <= cores; n *= 2)
            for (auto &method : methods) {
               const auto result = ReadApart(method.fPath, method.fTree, n);
               auto &all = method.fReadings;
               const auto &first = all.empty() ? result : all[1][0];
               if (result.fSum != first.fSum || result.fValues != first.fValues)
                  throw std::runtime_error(Form("%s: %u threads read other values than one", method.fPath.Data(), n));
               all[n].push_back(result);
            }
      std::cout << Form("%-10s %7s %9s %9s %13s %13s %15s %6s\n", "", "threads", "ns/value", "speed-up", "/ first file",
                        "CPU ns/value", "CPU / busiest", "waits");
      for (auto &method : methods) {
         const auto &one = method.fReadings[1];
         const double values = 1e-9 * one[0].fValues;
         for (auto &[n, readings] : method.fReadings)
            std::cout << Form("%-10s %7u %9.2f %9.2f %13.2f %13.2f %15.2f %6.0f\n", method.fName.Data(), n,
                              Seconds(readings) / values, Seconds(one) / Seconds(readings),
                              Seconds(readings) / Seconds(methods[0].fReadings[n]), Processor(readings) / values,
                              Processor(one) / Median(readings, [](const Reading &r) { return r.fPath; }),
                              Median(readings, [](const Reading &r) { return r.fWaits; }));
      }
      std::cout << Form("%u cores, wall time, medians of %d rounds; waits: how often threads slept\n", cores, rounds);
   } catch (const std::exception &error) {
      return Columns::Fail("threads.C", error);
   }
   return 0;
}
