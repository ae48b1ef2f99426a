// Whether the models that a file holds save more bytes than they take.
#ifndef ROOTBALER_TOOLS_MODELSAVINGS_H
#define ROOTBALER_TOOLS_MODELSAVINGS_H

#include <TTree.h>

#include <map>
#include <set>

namespace RootBaler {
namespace Internal {

class ModelSavings {
public:
   /// Adds what the models of a tree's codec saved in its baskets.
   void Add(TTree &tree);
   /// Hashes of the models that the file is smaller without.
   std::set<ULong64_t> Unpaid() const;

private:
   struct Account {
      std::size_t fSaved = 0;
      std::size_t fPrice = 0;
   };
   std::map<ULong64_t, Account> fAccounts; // trees may share a model, which is in the file once
};

} // namespace Internal
} // namespace RootBaler

#endif
