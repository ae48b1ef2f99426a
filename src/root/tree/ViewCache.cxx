#include "tree/ViewCache.h"

#include <TFile.h>
#include <TUUID.h>

#include <atomic>
#include <cstdlib>
#include <list>
#include <mutex>
#include <unordered_map>

namespace RootBaler {
namespace Internal {

namespace {

struct Entry {
   std::string fKey;
   ViewPtr fView;
   std::size_t Bytes() const
   {
      return fView->fContext.Bytes() + fView->fCounts.size() * sizeof(std::uint32_t) +
             fView->fBytes.size() + fKey.size() + 128;
   }
};

struct Cache {
   std::mutex fMutex;
   std::list<Entry> fEntries; // used last: front
   std::unordered_map<std::string, std::list<Entry>::iterator> fIndex;
   std::size_t fBytes = 0;
   std::size_t fLimit = 64u << 20; // for each thread
   std::atomic<std::size_t> fThreads{0};

   Cache()
   {
      if (const char *value = std::getenv("ROOTBALER_CACHE_MB")) {
         const long megabytes = std::atol(value);
         fLimit = megabytes > 0 ? static_cast<std::size_t>(megabytes) << 20 : 0;
      }
   }
};

Cache &TheCache()
{
   static auto *cache = new Cache; // outlives static destruction, as files may be read there
   return *cache;
}

// Each thread reads clusters of its own, so there must be room for what a cluster needs, for each: with less, baskets
// are decoded again and again for those that they help, which takes several times as long.
class CountedThread {
public:
   CountedThread() { ++TheCache().fThreads; }
   ~CountedThread() { --TheCache().fThreads; }
};

template <typename T>
void Append(std::string &key, const T &value)
{
   key.append(reinterpret_cast<const char *>(&value), sizeof value);
}

} // namespace

std::optional<std::string> CacheKey(TFile &file, Long64_t pos, std::uint64_t modelHash, std::size_t column)
{
   if (file.IsWritable())
      return {};
   // A file that is opened again after it was changed has the same UUID, but another end or date.
   std::string key;
   UChar_t uuid[16];
   file.GetUUID().GetUUID(uuid);
   key.append(reinterpret_cast<const char *>(uuid), sizeof uuid);
   Append(key, file.GetEND());
   Append(key, file.GetModificationDate().Get());
   Append(key, pos);
   Append(key, modelHash);
   Append(key, column);
   return key;
}

ViewPtr FindView(const std::string &key)
{
   Cache &cache = TheCache();
   std::lock_guard<std::mutex> lock(cache.fMutex);
   auto found = cache.fIndex.find(key);
   if (found == cache.fIndex.end())
      return nullptr;
   cache.fEntries.splice(cache.fEntries.begin(), cache.fEntries, found->second);
   return found->second->fView;
}

ViewPtr TakeView(const std::string &key)
{
   Cache &cache = TheCache();
   std::lock_guard<std::mutex> lock(cache.fMutex);
   auto found = cache.fIndex.find(key);
   if (found == cache.fIndex.end())
      return nullptr;
   const ViewPtr view = found->second->fView;
   cache.fBytes -= found->second->Bytes();
   cache.fEntries.erase(found->second);
   cache.fIndex.erase(found);
   return view;
}

void KeepView(const std::string &key, const ViewPtr &view)
{
   static thread_local const CountedThread counted;
   Cache &cache = TheCache();
   std::lock_guard<std::mutex> lock(cache.fMutex);
   if (cache.fIndex.count(key))
      return;
   cache.fEntries.push_front({key, view});
   cache.fIndex[key] = cache.fEntries.begin();
   cache.fBytes += cache.fEntries.front().Bytes();
   while (cache.fBytes > cache.fLimit * cache.fThreads) {
      cache.fBytes -= cache.fEntries.back().Bytes();
      cache.fIndex.erase(cache.fEntries.back().fKey);
      cache.fEntries.pop_back();
   }
}

} // namespace Internal
} // namespace RootBaler
