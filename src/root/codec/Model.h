// A parsed model, shared by everything in the process that reads or writes with it.
#ifndef ROOTBALER_MODEL_H
#define ROOTBALER_MODEL_H

#include <rootbaler/rootbaler.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class TFile;
class TTree;

namespace RootBaler {
namespace Internal {

class Model {
public:
   /// Takes the handle over.
   explicit Model(RbModel *model);
   Model(const Model &) = delete;
   Model &operator=(const Model &) = delete;
   ~Model();

   const RbModel *Get() const { return fModel; }
   std::uint64_t Hash() const { return rb_model_hash(fModel); }
   std::string Bytes() const;
   std::size_t Columns() const { return rb_model_columns(fModel); }
   std::string Name(std::size_t column) const { return rb_model_column_name(fModel, column); }
   RbType Type(std::size_t column) const { return static_cast<RbType>(rb_model_column_type(fModel, column)); }
   std::string Bound(std::size_t column) const { return rb_model_column_bound(fModel, column); }
   /// The bound as it was asked for.
   std::string Request(std::size_t column) const { return rb_model_column_request(fModel, column); }
   /// True if its rows are elements of branches with a counter, not entries.
   bool IsJagged() const { return rb_model_jagged(fModel) != 0; }
   /// False if it says only how values are rounded: then no basket needs it for reading.
   bool HasNetwork() const { return rb_model_has_network(fModel) != 0; }
   std::vector<std::uint32_t> Parents(std::size_t column) const;
   /// What a foreign column is made of: elements of a branch of another group, and the column that points to them. It
   /// is seen by other columns and never coded itself.
   struct ForeignSource {
      std::string fBranch;
      std::size_t fIndex = 0;
   };
   /// Nothing for all other columns.
   std::optional<ForeignSource> Foreign(std::size_t column) const;
   /// True if a later column is coded with the help of this one.
   bool IsParent(std::size_t column) const { return fIsParent[column]; }

private:
   RbModel *fModel;
   std::vector<bool> fIsParent;
};

using ModelPtr = std::shared_ptr<const Model>;

/// "0123456789abcdef"
std::string HashText(std::uint64_t hash);

} // namespace Internal
} // namespace RootBaler

#endif
