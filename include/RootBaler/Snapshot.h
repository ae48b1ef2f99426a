// RDataFrame's Snapshot with RootBaler. ROOT's own turns compression algorithms that it does not know into its default.
#ifndef ROOTBALER_SNAPSHOT_H
#define ROOTBALER_SNAPSHOT_H

#include "RootBaler/Codec.h"

#include <ROOT/RDF/RActionImpl.hxx>
#include <ROOT/RSnapshotOptions.hxx>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class TTreeReader;

namespace RootBaler {

namespace Internal {

/// The file of a snapshot, which ROOT makes when the event loop begins. While this lives, the tree of that name in it
/// gets the codec; those of all threads, too.
class SnapshotFile {
public:
   SnapshotFile(const std::string &tree, const std::string &path, const Codec &codec,
                const ROOT::RDF::RSnapshotOptions &options);
   ~SnapshotFile();
   SnapshotFile(const SnapshotFile &) = delete;
   SnapshotFile &operator=(const SnapshotFile &) = delete;

   /// To be called when ROOT has opened the file and not made branches yet; only the first call counts.
   void Prepare();

private:
   void GiveSetting();

   std::string fTree;
   std::string fPath;
   Codec fCodec;
   int fSetting;
   std::once_flag fOnce;
   std::uint64_t fId = 0; // 0: not open yet
};

/// Prepares the file of a snapshot. ROOT opens files in Initialize() of its action and makes branches later, in
/// InitTask() or when the first entry comes; InitTask() of this one, which is booked before, comes in between.
class SnapshotAction : public ROOT::Detail::RDF::RActionImpl<SnapshotAction> {
public:
   using Result_t = bool;

   explicit SnapshotAction(std::shared_ptr<SnapshotFile> file) : fFile(std::move(file)) {}
   std::shared_ptr<bool> GetResultPtr() const { return std::make_shared<bool>(true); }
   void Initialize() {}
   void InitTask(TTreeReader *, unsigned int) { fFile->Prepare(); }
   void Exec(unsigned int) {}
   void Finalize() {}
   std::string GetActionName() const { return "RootBaler::Snapshot"; }

private:
   std::shared_ptr<SnapshotFile> fFile;
};

} // namespace Internal

/// Does what node.Snapshot(tree, file, columns, options) does, and writes the tree with `codec`. Without `columns` it
/// writes all. Works with implicit MT, with mode "UPDATE" and lazily. The level is options.fCompressionLevel (5 if it
/// is not set); options.fCompressionAlgorithm is not looked at.
template <typename Node>
auto Snapshot(Node node, const std::string &tree, const std::string &file, const Codec &codec,
              const std::vector<std::string> &columns = {}, const ROOT::RDF::RSnapshotOptions &options = {})
   -> decltype(node.Snapshot(tree, file, columns, options)) // PyROOT needs to be told
{
   const auto prepared = std::make_shared<Internal::SnapshotFile>(tree, file, codec, options);
   const auto action = node.Book(Internal::SnapshotAction(prepared));
   // An action goes when its result does; the filter lets it live as long as the snapshot.
   auto all = node.Filter([action] { return true; });
   auto ofTree = options;
   ofTree.fOutputFormat = ROOT::RDF::ESnapshotOutputFormat::kTTree;
   ofTree.fCompressionAlgorithm = ROOT::RCompressionSetting::EAlgorithm::kZSTD; // or ROOT 6.38 talks of its default
   if (columns.empty())
      return all.Snapshot(tree, file, "", ofTree);
   return all.Snapshot(tree, file, columns, ofTree);
}

} // namespace RootBaler

#endif
