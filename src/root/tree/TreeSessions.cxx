#include "tree/TreeSessions.h"

#include "support/ByObject.h"
#include "support/Check.h"
#include "tree/TreeContainer.h"

#include <TTree.h>

namespace RootBaler {
namespace Internal {

namespace {

using Sessions = ByObject<std::shared_ptr<RbSession>>;

Sessions &AllSessions()
{
   static Sessions &sessions = Sessions::Make();
   return sessions;
}

[[maybe_unused]] const Sessions &gSessions = AllSessions(); // when the library is loaded

} // namespace

std::shared_ptr<RbSession> SessionOf(TTree &tree)
{
   if (const auto known = AllSessions().Find(tree))
      return *known;
   const RbContainer container = ContainerOf(tree);
   RbSession *session = nullptr;
   Check(rb_session_new(&container, &session));
   return AllSessions().Add(tree, std::shared_ptr<RbSession>(session, rb_session_free));
}

} // namespace Internal
} // namespace RootBaler
