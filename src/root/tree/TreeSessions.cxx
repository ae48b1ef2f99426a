#include "tree/TreeSessions.h"

#include "support/Check.h"
#include "tree/TreeContainer.h"

#include <TCollection.h>
#include <TROOT.h>
#include <TTree.h>

#include <atomic>
#include <mutex>
#include <unordered_map>

namespace RootBaler {
namespace Internal {

namespace {

// Whoever has this lock takes no other one: ROOT calls RecursiveRemove() under its own.
class Sessions : public TObject {
public:
   std::shared_ptr<RbSession> Find(const TObject &tree)
   {
      std::lock_guard<std::mutex> lock(fMutex);
      const auto found = fSessions.find(&tree);
      return found == fSessions.end() ? nullptr : found->second;
   }

   std::shared_ptr<RbSession> Add(const TObject &tree, std::shared_ptr<RbSession> session)
   {
      std::lock_guard<std::mutex> lock(fMutex);
      const auto kept = fSessions.emplace(&tree, std::move(session)).first->second;
      fCount = fSessions.size();
      return kept;
   }

   void RecursiveRemove(TObject *object) override // of everything that is deleted
   {
      if (fCount == 0)
         return;
      std::shared_ptr<RbSession> ended; // when the lock is free again
      std::lock_guard<std::mutex> lock(fMutex);
      const auto found = fSessions.find(object);
      if (found == fSessions.end())
         return;
      ended = std::move(found->second);
      fSessions.erase(found);
      fCount = fSessions.size();
   }

private:
   std::mutex fMutex;
   std::unordered_map<const TObject *, std::shared_ptr<RbSession>> fSessions;
   std::atomic<std::size_t> fCount{0};
};

Sessions &AllSessions()
{
   static auto *sessions = [] {
      auto *made = new Sessions; // outlives static destruction, as ROOT deletes trees there
      made->SetBit(kMustCleanup);
      gROOT->GetListOfCleanups()->Add(made);
      return made;
   }();
   return *sessions;
}

// When the library is loaded: later, who calls us may hold locks that others wait for.
[[maybe_unused]] const Sessions &gSessions = AllSessions();

} // namespace

std::shared_ptr<RbSession> SessionOf(TTree &tree)
{
   if (auto session = AllSessions().Find(tree))
      return session;
   const RbContainer container = ContainerOf(tree);
   RbSession *session = nullptr;
   Check(rb_session_new(&container, &session));
   std::shared_ptr<RbSession> owner(session, rb_session_free);
   if (!tree.TestBit(kMustCleanup)) // trees of a folder have it
      tree.SetBit(kMustCleanup);
   return AllSessions().Add(tree, std::move(owner));
}

} // namespace Internal
} // namespace RootBaler
