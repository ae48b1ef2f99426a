// What is kept for one of ROOT's objects as long as that is there: ROOT tells when it is deleted, and only then may
// another one have its address.
#ifndef ROOTBALER_BYOBJECT_H
#define ROOTBALER_BYOBJECT_H

#include <TCollection.h>
#include <TObject.h>
#include <TROOT.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace RootBaler {
namespace Internal {

/// One for each kind of value, made when the library is loaded: later, who calls us may hold locks that others wait
/// for. Whoever has its lock takes no other one: ROOT calls RecursiveRemove() under its own.
template <typename Value>
class ByObject : public TObject {
public:
   /// Never deleted: it outlives static destruction, as ROOT deletes files and trees there.
   static ByObject &Make()
   {
      auto *made = new ByObject;
      made->SetBit(kMustCleanup);
      gROOT->GetListOfCleanups()->Add(made);
      return *made;
   }

   std::optional<Value> Find(const TObject &object)
   {
      std::lock_guard<std::mutex> lock(fMutex);
      const auto found = fValues.find(&object);
      return found == fValues.end() ? std::nullopt : std::optional(found->second);
   }

   /// Keeps a value, unless there is one already; gives the one that is kept.
   Value Add(TObject &object, Value value)
   {
      if (!object.TestBit(kMustCleanup)) // what is in a folder has it
         object.SetBit(kMustCleanup);
      std::lock_guard<std::mutex> lock(fMutex);
      const Value kept = fValues.emplace(&object, std::move(value)).first->second;
      fCount = fValues.size();
      return kept;
   }

   void RecursiveRemove(TObject *object) override // of everything that is deleted
   {
      if (fCount == 0)
         return;
      std::optional<Value> ended; // when the lock is free again
      std::lock_guard<std::mutex> lock(fMutex);
      const auto found = fValues.find(object);
      if (found == fValues.end())
         return;
      ended = std::move(found->second);
      fValues.erase(found);
      fCount = fValues.size();
   }

private:
   std::mutex fMutex;
   std::unordered_map<const TObject *, Value> fValues;
   std::atomic<std::size_t> fCount{0};
};

} // namespace Internal
} // namespace RootBaler

#endif
