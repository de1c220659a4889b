# Audit log

audit-title = Audit log
audit-lead = Everything that happened, in the order it was entered. It is added to and never erased, and each entry seals those before it.
audit-whole = The log is whole
audit-whole-text = { $size ->
    [0] It has no entries yet.
    [one] Its one entry was checked and is unchanged.
   *[other] { $size } entries were checked from the first to the last, and none is changed.
}
audit-broken = Something in the log was changed
audit-broken-text = The first fault is at entry { $place }. Everything before it is sound. Stop working on the database, tell the system administrator, and compare with the last backup.
audit-missing = { $count ->
    [one] One event is not entered yet
   *[other] { $count } events are not entered yet
}
audit-missing-text = Events are entered within seconds. If the number stays for minutes, tell the system administrator.
audit-root = Fingerprint of the whole log
audit-entries = Entries, newest first
audit-place = Entry
audit-at = Time
audit-what = What happened
audit-subject = To what
audit-who = Who
audit-changed = { $field }: from “{ $before }” to “{ $after }”
audit-filled = { $field }: “{ $after }” where there was nothing
audit-emptied = { $field }: “{ $before }” taken out
audit-none = No entries on this page
audit-actor-citizen = Citizen
audit-actor-staff = Staff
audit-actor-system = The system
audit-actor-anonymous = Visitor

event-archive-document-filed = A document was filed
event-archive-filing-corrected = The filing of a document was corrected
event-archive-pages-read = Pages of a document were read
event-archive-document-read = A document was read to its end
event-archive-searchable-asked = A searchable PDF of a document was asked for
event-archive-searchable-repeated = A searchable PDF whose making had stopped was asked for again
event-archive-searchable-ended = The making of a searchable PDF ended
event-archive-reading-repeated = A document was put to be read again
event-audit-accessed = A document was looked at
event-identity-party-registered = A citizen was put on file
event-identity-staff-registered = A staff account was made or its roles changed
event-identity-directory-account-bound = A municipality account was bound to a member of staff
event-identity-directory-account-released = A member of staff was released from their municipality account
event-identity-staff-ended = A member of staff’s access was ended
event-identity-code-requested = A sign-in code was asked for
event-identity-signed-in = Signed in
event-identity-sign-in-failed = A sign-in was refused
event-identity-signed-out = Signed out
event-jobs-job-retried = A stopped job was tried again
event-jobs-messages-sent-back = { $aside ->
    [one] A message of jobs that was set aside was put to be sent back
   *[other] { $aside } messages of jobs that were set aside were put to be sent back
}
event-jobs-reason-retried = { $count ->
    [one] The one stopped job of a reason was tried again
   *[other] { $count } stopped jobs of one reason were tried again
}
event-licensing-application-submitted = An application was submitted
event-licensing-application-stopped = An application stopped
event-licensing-licence-issued = A licence was issued
event-payments-payment-succeeded = A payment was made
event-payments-payment-failed = A payment failed

access-page-opened = Page { $n } of a document was opened
access-original-downloaded = The original file of a document was downloaded
access-searchable-downloaded = The searchable PDF of a document was downloaded

subject-account = Account
subject-application = Application
subject-citizen = Citizen
subject-code = Sign-in code
subject-document = Document
subject-job = Job
subject-line = Line:
subject-reason = Reason
subject-session = Session
subject-staff = Staff
subject-unknown = Unknown account

system-archive-reading = reading documents
system-archive-searchable = making searchable PDFs
system-identity = signing in
system-jobs-issue-licence = issuing licences
system-jobs-settle-application = settling paid applications
system-licensing-screening = screening applications
system-payments-inquiry = asking the payment gateway
system-sample-municipality = loading the sample municipality
system-terminal = the administrator's terminal
