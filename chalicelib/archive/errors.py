"""What the archive says no to. Reasons for refusing a file or page come from the reader as codes."""

from chalicelib.kernel.errors import NotFound, Refusal


class DocumentUnknown(NotFound):
    """No such document, or not one this actor may know of."""

    code = "document-unknown"


class DocumentUnread(Refusal):
    """What is asked for is made of a document's pages, and they are not read."""

    code = "document-unread"
    kind = "conflict"


class ReadBeforeSearchable(Refusal):
    """The document was read by a release that noted too little of its pages: read it again first."""

    code = "read-before-searchable"
    kind = "conflict"


class UploadUnknown(NotFound):
    """No such upload, or somebody else's."""

    code = "upload-unknown"


class UploadIncomplete(Refusal):
    """The upload was closed before its bytes arrived: send them again."""

    code = "upload-incomplete"
    kind = "conflict"


class FileEmpty(Refusal):
    """A file of zero bytes."""

    code = "file-empty"


class FileTooLarge(Refusal):
    """A file over the limit; `data["limit"]` in megabytes."""

    code = "file-too-large"


class KindUnknown(Refusal):
    """A kind of document the archive does not keep."""

    code = "kind-unknown"


class YearImplausible(Refusal):
    """A year before there was a municipality, or still to come."""

    code = "year-implausible"


class FilingChanged(Refusal):
    """The filing is not the one that was corrected any more: somebody else was quicker."""

    code = "filing-changed"
    kind = "conflict"


class SearchEmpty(Refusal):
    """Nothing to look for."""

    code = "search-empty"
