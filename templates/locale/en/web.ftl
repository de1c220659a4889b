# What the site itself says: forms, requests, addresses

refusal-refused = Your request could not be carried out. Try again.
refusal-internal-error = Something went wrong on our side and was recorded. If you call us, give the request number { $request }.
refusal-not-found = There is nothing at this address, or it is not open to your account.
refusal-not-permitted = Your account may not do this.
refusal-fields-invalid = Correct the fields marked and send again. Nothing was saved.
refusal-field-missing = This field must be filled.
refusal-field-too-long = This is longer than the field allows. { $limit ->
    [one] Write it in one character.
   *[other] Write it in { $limit } characters at most.
}
refusal-field-unknown = No field of this name is asked for here.
refusal-field-malformed = What is in this field is not right. Check it and send again.
refusal-body-invalid = Fields of the request are missing or wrong; errors lists them.
refusal-body-malformed = The content of the request could not be understood. Send it again from its page.
refusal-body-too-large = The request is larger than allowed. Large files are sent from the page for bringing in documents.
refusal-body-broken-off = The connection was lost before your request had arrived, and nothing was kept. Send it again.
refusal-method-not-allowed = That cannot be done at this address. Go back to the page and try again from there.
refusal-form-not-ours = This form was open for too long, or was opened from another site. Open the page again and send it.
refusal-idempotency-key-missing = This request makes something: send the header Idempotency-Key with it, 8 to 100 characters.
refusal-idempotency-key-reused = This key was used before with another request. Send a new key.
refusal-idempotency-in-progress = The first request with this key is still running. Ask again in a moment.
refusal-store-unknown = { $setting } says { $found }: a store that this installation does not know, or an option or address that it does not have. Write { $wanted }.
refusal-store-incomplete = { $setting } says { $found } and is not whole: { $missing } is missing after its question mark. Write { $wanted }.
refusal-setting-malformed = { $setting } says { $found }, which cannot be used there. Write { $wanted }.
refusal-place-unusable = { $found } cannot be used: { $reason }. { $setting } names it, or the data folder that it is in (DIWAN_DATA, --data): write a folder that can be written to.
refusal-municipality-unreadable = The file of the municipality, { $file }, cannot be used: { $reason }. DIWAN_MUNICIPALITY names it; docs/runbooks/begin-a-town.md has its keys.
refusal-towns-mixed = This data folder and DIWAN_MUNICIPALITY are not of one town: one of them is the invented sample, whose passwords are public. Name the town's own file in DIWAN_MUNICIPALITY, or choose another folder with --data.
refusal-schema-unknown = A later version of Diwan has changed this database ({ $revision }). Run that version again, or restore the copy made before it.
refusal-backup-elsewhere = { $setting } names a store that is not on this machine, and a backup here would not have what is in it. Such a store keeps copies of its own: infra/README.md says how those of AWS do.
refusal-nothing-to-back-up = There is no town in { $path } to copy. Name its data folder with --data.
refusal-backup-among-data = { $path } and { $place } stand one in the other: whatever happens to the one would happen to the copies too. Choose a folder apart from the data, best on another machine's disk. Nothing was copied.
refusal-backup-busy = Somebody else copies into { $path } at this moment. Try again when it is done.
refusal-originals-gone = Originals that the last copy has are gone from { $path }: { $files }. Look whether its disk is mounted; what is really gone, take from that copy (docs/runbooks/operations.md). Nothing was copied.
refusal-copying-failed = Copying stopped at { $path }: { $reason }. What was there before is as it was.
refusal-backup-missing = There is no whole copy in { $path }, or none with this digest.
refusal-backup-changed = The backup in { $path } is not what it was when it was made; changed or missing: { $files }. Use another copy, and find out who could write there.
refusal-restore-not-empty = There is something in { $path } already, and nothing is overwritten. Choose an empty folder with --data, or an empty database.
refusal-restore-unfinished = A restore into { $path } goes on or was interrupted, and what is there is no town yet. Wait for it, or give the same restore again: it clears away what was left and begins anew.
refusal-restore-other-database = The copy is of a { $made } database, and DIWAN_DATABASE names { $named }. Name one of the same make.
refusal-dump-program-missing = { $program } is missing, which copies PostgreSQL. Install PostgreSQL's client programs (Debian: apt-get install postgresql-client).
refusal-dump-failed = { $program } gave up: { $reason }
refusal-snapshot-damaged = The copied database is not whole ({ $reason }). Use another copy.
refusal-store-unavailable = A store does not answer right now. Nothing is lost; try again in a few minutes. ({ $service } { $operation }: { $reason })
refusal-store-denied = A store refuses us. The system administrator has to give the right that is missing. ({ $service } { $operation }: { $reason })
refusal-clock-wrong = The clock of this machine is wrong by minutes, so the store refuses us. The system administrator has to set it. ({ $service } { $operation }: { $reason })
refusal-secret-missing = The secret { $name } is not there, or is too short. The system administrator has to make it.

desk-title = My work today
desk-lead = What is waiting, what is done, and what needs you.
desk-reading = Documents being read
desk-refused = Documents not read
desk-stopped = Documents whose reading stopped
desk-doubts = Documents with doubts
desk-read = Documents read
desk-dead = Stopped jobs
desk-dead-title = Jobs that stopped and need somebody
desk-dead-none = No stopped jobs.
desk-queue = Job
desk-reason = Reason
desk-attempts = Attempts
desk-retry = Try again
desk-dead-reasons = By reason
desk-dead-latest = The latest, one by one
desk-retry-all = Try all again
desk-retry-most = Each press tries { $count } jobs at most, the oldest first. Press again for the rest.
desk-retried = { $count ->
    [0] No job is stopped for this reason now.
    [one] One job now waits for another try.
   *[other] { $count } jobs now wait for another try.
}
desk-recent = Latest documents
desk-lines = Messages of jobs, and those set aside

job-append-audit = Entering in the audit log
job-check-index = Looking after the search index
job-forget-pages = Taking old pages out of the index
job-forget-probe = Removing the marks of a look at the stores
job-index-pages = Putting pages into the index
job-issue-licence = Issuing a licence
job-make-searchable = Making a searchable PDF
job-probe-issuing = A look at the stores by the lane that issues
job-probe-prompt = A look at the stores by the prompt lane
job-probe-reading = A look at the stores by the lane that reads
job-read-document = Reading a document
job-rebuild-index = Building the index anew
job-reconcile-payments = Reconciling payments
job-send-notification = Sending a message
job-settle-application = Settling a paid application
job-tell-party = Telling an applicant

lines-title = Messages of jobs
lines-lead = Every job asked for is kept in the database; a message only points a worker to it. A message that was of no use after several tries is set aside.
lines-lane = Line
lines-lane-prompt = Quick jobs
lines-lane-reading = Reading of documents
lines-lane-issuing = Issuing of licences
lines-lane-arrivals = Arrival of files
lines-waiting = Messages waiting
lines-aside = Messages set aside
lines-send-back = Send them back
lines-nothing-aside = Nothing
lines-none = No messages here
lines-none-text = The workers of this machine look for jobs in the database themselves.
lines-dead = Jobs that stopped and need somebody

api-title = Programming interface
api-lead = Whatever the pages do, programs do from here, with the same rights.
api-document = The full description (OpenAPI 3.1)
api-how = How to begin
api-how-sign-in = Ask for a session with POST /api/v1/sessions, then send its token in the header Authorization: Bearer.
api-how-idempotency = Every request that makes something carries an Idempotency-Key; the same request with the same key gets the same answer.
api-how-problems = Errors are application/problem+json, with a stable code and a detail in the language of Accept-Language.
api-how-pages = Lists are read by cursor: take next and send it as ?cursor=.
api-method = Method
api-path = Address
api-summary = What it does
api-permission = Permission
