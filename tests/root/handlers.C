// While an operation of ours keeps ROOT's errors, those of other threads and all warnings go where they went before;
// and when several end in another order than they began, ROOT's messages are as they were.
#include "data.h"
#include <RootBaler/Tools.h>
#include <TROOT.h>

#include <atomic>
#include <string>
#include <thread>

std::atomic<int> gErrors{0}, gWarnings{0};

void Count(int level, bool, const char *, const char *)
{
   (level >= kError ? gErrors : gWarnings) += level >= kWarning;
}

void handlers(std::string path)
{
   gSystem->Load("libRootBaler");
   ROOT::EnableThreadSafety();
   const auto before = SetErrorHandler(Count);

   bool isSaid = false;
   RootBaler::Verify(path, path, {}, [&isSaid](const std::string &, std::uint64_t, std::uint64_t) {
      if (!isSaid) {
         std::thread([] { ::Error("another thread", "an error"); }).join();
         ::Warning("this thread", "a warning");
      }
      isSaid = true;
      return true;
   });
   Require(isSaid, "something was verified");
   const bool areThere = gErrors == 1 && gWarnings == 1;

   // The first thread ends while the second one is at work.
   std::atomic<bool> isFirst{false}, isSecond{false}, isEnded{false};
   std::thread first([&] {
      RootBaler::Verify(path, path, {}, [&](const std::string &, std::uint64_t, std::uint64_t) {
         isFirst = true;
         while (!isSecond)
            std::this_thread::yield();
         return true;
      });
      isEnded = true;
   });
   std::thread second([&] {
      while (!isFirst)
         std::this_thread::yield();
      RootBaler::Verify(path, path, {}, [&](const std::string &, std::uint64_t, std::uint64_t) {
         isSecond = true;
         while (!isEnded)
            std::this_thread::yield();
         return true;
      });
   });
   first.join();
   second.join();
   const bool isAsBefore = GetErrorHandler() == Count;
   std::string words;
   try {
      RootBaler::Inspect(path + ".none");
   } catch (const RootBaler::Error &error) {
      words = error.what();
   }
   const bool isQuiet = gErrors == 1;
   SetErrorHandler(before);
   Require(areThere, "messages that are not for us reach the user's handler");
   Require(isAsBefore, "the user's handler is back");
   Require(isQuiet && !words.empty(), "our own errors are exceptions");
   gSystem->Exit(0);
}
