#include "support/Parallel.h"

#include <TROOT.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace RootBaler {
namespace Internal {

void ForEach(std::size_t count, const std::function<void(std::size_t)> &work, const std::function<void()> &between)
{
   const std::size_t threads = std::min<std::size_t>(std::max(1u, std::thread::hardware_concurrency()), count);
   // ROOT's locks are none without the first, and those for branches in parallel (R__LOCKGUARD_IMT) without the second
   std::optional<ROOT::Internal::TParBranchProcessingRAII> locks;
   if (threads > 1) {
      ROOT::EnableThreadSafety();
      locks.emplace();
   }
   std::atomic<std::size_t> next{0};
   std::exception_ptr failure;
   std::mutex mutex; // of failure
   const auto run = [&](bool isFirst) {
      try {
         for (std::size_t i = next++; i < count; i = next++) {
            if (isFirst)
               between();
            work(i);
         }
      } catch (...) {
         next = count;
         const std::lock_guard<std::mutex> lock(mutex);
         if (!failure)
            failure = std::current_exception();
      }
   };
   std::vector<std::thread> others;
   for (std::size_t i = 1; i < threads; ++i)
      others.emplace_back(run, false);
   run(true);
   for (std::thread &other : others)
      other.join();
   if (failure)
      std::rethrow_exception(failure);
}

} // namespace Internal
} // namespace RootBaler
