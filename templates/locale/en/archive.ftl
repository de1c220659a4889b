# The archive: bringing documents in, reading and finding them

archive-upload-title = Bring in documents
archive-upload-lead = Choose what the document is and its parcel, then drop the scans. Each file is read page by page and can be found as soon as it is read.
-types-read = PDF, DXF, TIFF, JPEG, PNG, WebP, JPEG 2000 or HEIC
archive-upload-hint = { -types-read }, up to 300 MB a file. What you write above counts for every file you send after it.
archive-recent = Brought in last
archive-documents = Documents
archive-all-documents = All documents
archive-document = Document
archive-title = Title
archive-kind = Kind of document
archive-kind-choose = Choose the kind
archive-parcel = Parcel
archive-parcel-hint = Area code, block, parcel, as in { $example }
archive-owner = Owner's name
archive-year = Year
archive-state = State
archive-pages = Pages
archive-words = Words
archive-doubts = Words in doubt
archive-filed-at = Filed
archive-file = File
archive-confidential = Confidential document
archive-confidential-hint = Only people with the right to confidential files can open or find it.
archive-none = No documents yet
archive-none-text = What you bring in appears here as it is read.
archive-on-file = This file is on file already as “{ $kind }”, and was not filed a second time.
archive-on-file-there = This file is on file there already, and was not filed a second time.
archive-correct-filing = Correct the filing
archive-correct-filing-lead = Put right the kind of document and what was typed about it when it was filed. What it was and what it is now are kept in the audit log.
archive-correct-filing-hint = The parcel and confidentiality are not changed here: the same file for another parcel is another document, so file it there as well.
archive-correct-filing-save = Correct the filing
archive-correct-filing-leave = Leave it as it is
archive-filing-corrected = The filing is corrected
archive-filing-corrected-text = Search finds the document as it is filed now within moments.
archive-filing-unchanged = It is filed as you typed it already, so nothing was changed.
archive-filing-compared = What you typed and what stands now
archive-filing-field = Field
archive-filing-typed = You typed
archive-filing-stands = Stands now
archive-yes = Yes
archive-no = No
archive-same-bytes = The same file was filed before
archive-same-bytes-text = This file is exactly the same as an earlier document. It is kept once and filed in both places.
archive-reading-now = Reading pages
archive-waiting-to-be-read = The document is kept and waits its turn to be read.
archive-refused = This document was not read
archive-stopped = Stopped
archive-stopped-again = Have it read again on its page
archive-stopped-lead = Documents whose reading stopped before its end. Their originals are kept, and each can be read again on its page.
archive-stopped-none = No document's reading has stopped
archive-reading-stopped = The reading of this document stopped before its end
archive-reading-stopped-text = The original is kept. Choose “Read it again”, and if that fails tell the system administrator.
archive-page-n = Page { $n }
archive-page-of = Page { $n } of { $total }
archive-original = Download the original file
archive-searchable = Download as searchable PDF
archive-searchable-ask = Make a searchable PDF
archive-searchable-asked = The searchable PDF is being made. It can be downloaded from here as soon as it is ready.
archive-searchable-none = No searchable PDF could be made of this document
archive-searchable-stopped-text = Its making stopped before the end. Ask for it again, and if that fails tell the system administrator.
archive-read-again = Read it again
archive-back-to-results = Search results
archive-scan-of = Picture of page { $n }
archive-no-picture = There is no picture of this page
archive-text = Text as read
archive-text-hint = Read from the picture by machine. Numbers with a dashed underline should be compared with the picture.
archive-no-text = There is no text on this page.
archive-in-doubt = Compare with the picture
archive-search-page = Search this page
archive-search-title = Search the archive
archive-search-label = What do you know?
archive-search-hint = An owner's name, a parcel or permit number, or part of a word. Put a phrase in quotation marks to ask for it as it stands.
archive-found = { $documents ->
    [one] 1 document
   *[other] { $documents } documents
}, { $pages ->
    [one] 1 page
   *[other] { $pages } pages
}
archive-nothing-found = Nothing found
archive-nothing-found-text = Try fewer words, only the beginning of a word, or remove a filter. Forms of alef, teh marbuta and digits of any script are the same here.
archive-widen = Remove this filter
archive-more-pages = { $count ->
    [one] And one more page of this document
   *[other] And { $count } more pages of this document
}

kind-building-permit = Building permit
kind-building-file = Building file
kind-ownership-summary = Ownership summary
kind-area-schedule = Schedule of areas
kind-drawing = Engineering drawing
kind-engineering-report = Engineering report
kind-inspection-report = Inspection report
kind-completion-certificate = Completion certificate
kind-neighbours-consent = Neighbours' consent
kind-health-licence = Health licence
kind-violation-notice = Violation notice
kind-fee-receipt = Fee receipt
kind-committee-minutes = Committee minutes
kind-correspondence = Correspondence
kind-other = Other document

state-received = Waiting to be read

refusal-document-unknown = There is no such document, or it is not open to your account.
refusal-document-unread = This document is not read. A searchable PDF is made of what was read on its pages.
refusal-read-before-searchable = An earlier release read this document and noted too little of its pages. Choose “Read it again”, then ask for the searchable PDF.
refusal-upload-unknown = There is no such upload. Send the file again from the start.
refusal-upload-incomplete = The file has not arrived whole. Send it again; nothing of it was kept.
refusal-upload-too-large = The file is larger than was announced. Choose and send it again.
refusal-upload-broken = The connection was lost before the whole file arrived. Nothing of it was kept; send it again.
refusal-file-empty = The file is empty (zero bytes). Scan the paper again and send it.
refusal-file-too-large = The file is over { $limit } MB. Split it into smaller files and send those.
refusal-kind-unknown = Choose the kind of document from the list.
refusal-year-implausible = Write a year between { NUMBER($first, useGrouping: 0) } and { NUMBER($last, useGrouping: 0) }.
refusal-filing-changed = The filing of this document was changed after you opened the page, so what you typed is not saved. Compare it with what stands now, then correct the filing or leave it as it is.
refusal-search-empty = Write at least one word, or choose a parcel, kind or year.
refusal-search-cursor-invalid = The link to these results is no longer good. Search again.
refusal-search-writer-busy = The search index is busy. Try again shortly.
refusal-search-read-only = The search index can only be read here.
refusal-blob-missing = This file is not in the store. Tell the system administrator.
refusal-blob-retained = This file must be kept until { $until } and cannot be deleted before then.
refusal-link-expired = This link's time is over. Open the page again.
refusal-link-invalid = This link is not right. Open the page again.

# Why a file or page was not read
reading-empty-file = The file is empty (zero bytes). Scan the paper again and send it.
reading-truncated-file = The file is cut short or damaged and cannot be opened. Scan the paper again or send a sound copy.
reading-password-protected = The file is protected by a password. Remove it and send the file again.
reading-mislabelled = The file's name says one type and its content is another. Send the right original file.
reading-unsupported-type = This type of file is not read. Send it as { -types-read }.
reading-too-many-pages = The file has more pages than the limit. Split it into smaller files and send those.
reading-file-missing = The file is not in the store. Tell the system administrator.
reading-reader-crashed = The reader stopped at this file. The original is kept; read it again, and if that fails scan the paper again.
reading-reader-timeout = Reading took longer than allowed. The original is kept; scan the paper at 300 dpi and send it.
reading-reader-out-of-memory = This file needs more memory than allowed. Scan it at a lower resolution and send it.
reading-too-many-pixels = The page is larger than the limit. Scan it at a lower resolution (300 dpi is enough for drawings) and send it.
reading-page-damaged = The picture of this page is damaged. Scan this page again.
reading-page-timeout = Reading this page took longer than allowed. Scan it at 300 dpi.
reading-nothing-legible = There is writing on the page that could not be read. It may be handwriting, or very faint.
reading-number-in-doubt = There are numbers on the page to compare with the picture.
reading-page-mirrored = The page is a mirror image; it was read from behind.
reading-read-outside = Our reader could hardly read this page, so a service outside read it. Compare its text with the picture.
reading-poorly-legible = The page is unclear and its text may have mistakes. Compare it with the picture.
reading-no-pages = There are no pages in this file.
