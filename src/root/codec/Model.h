// A parsed model, shared by everything in the process that reads or writes with it.
#ifndef ROOTBALER_MODEL_H
#define ROOTBALER_MODEL_H

#include <rootbaler/rootbaler.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

class TFile;
class TTree;

namespace RootBaler {
namespace Internal {

/// What later columns see of some rows of a column.
struct ColumnContext {
   std::vector<std::int16_t> fScores;
   std::vector<std::int64_t> fLattice; ///< empty if nobody needs them

   std::size_t size() const { return fScores.size(); }
   std::size_t Bytes() const { return sizeof(std::int16_t) * fScores.size() + sizeof(std::int64_t) * fLattice.size(); }
   void Append(const ColumnContext &other, std::size_t first, std::size_t end);
   /// As the core takes it, from row `first`; this object must outlive it.
   RbSeen View(std::size_t first = 0) const
   {
      return {fScores.data() + first, fLattice.empty() ? nullptr : fLattice.data() + first};
   }
   RbSeenOut Room() { return {fScores.data(), fLattice.empty() ? nullptr : fLattice.data()}; }
};

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
   /// Index of the column with this name and type, or -1.
   std::int64_t Find(const std::string &name, RbType type) const;
   std::vector<std::uint32_t> Parents(std::size_t column) const;
   /// What a foreign column is made of: elements of a branch of another group, and the column that points to them. It
   /// is seen by other columns and never coded itself.
   struct ForeignSource {
      std::string fBranch;
      std::size_t fIndex = 0;
   };
   /// Nothing for all other columns.
   std::optional<ForeignSource> Foreign(std::size_t column) const;
   /// The foreign columns that take their values from a branch.
   std::vector<std::size_t> ForeignOf(const std::string &branch) const;
   /// True if values of the column are quantised as those of a column of another model.
   bool QuantisesLike(std::size_t column, const Model &other, std::size_t otherColumn) const
   {
      return rb_model_quantise_alike(fModel, column, other.fModel, otherColumn) != 0;
   }
   /// Contexts of a foreign column: the elements that the index points to.
   ColumnContext Gather(std::size_t column, const RbElements &index, const RbElements &elements) const;
   /// True if a later column is coded with the help of this one.
   bool IsParent(std::size_t column) const { return fIsParent[column]; }
   /// What later columns see of `n` values (big-endian, as in a basket) of this column.
   ColumnContext Context(std::size_t column, const void *values, std::size_t n) const;
   /// Room for the context of `n` values.
   ColumnContext RoomForContext(std::size_t column, std::size_t n) const;

private:
   RbModel *fModel;
   std::vector<bool> fIsParent;
   std::vector<std::pair<std::string, std::size_t>> fForeign; ///< branch and column
};

using ModelPtr = std::shared_ptr<const Model>;

/// "0123456789abcdef"
std::string HashText(std::uint64_t hash);

} // namespace Internal
} // namespace RootBaler

#endif
