# Licences and their renewal

licence-number = Licence number
licence-premises = Shop
licence-activity = Activity
licence-address = Address
licence-parcel = Parcel
licence-unit = Unit
licence-commercial = Commercial licence
licence-holder = Holder
licence-valid-from = Valid from
licence-expires = Expires on
licence-expired = Expired on
licence-download = Download the signed licence (PDF)
application-number = Application number

renew-service = Health licence renewal
renew-step-details = Details
renew-step-check = Check and pay

# Start page
renew-start-lead = Renew your shop’s licence from your phone, pay the fee, and download the new licence, signed.
renew-start-need = What you need
renew-start-need-id = Your civil ID number
renew-start-need-phone = The phone the municipality has on file, to receive the sign-in code
renew-start-need-card = A card to pay with
renew-start-on-file = You upload no papers: these documents are in your shop’s file already.
renew-start-cost = What it costs
renew-start-price = Renewal for one year costs { $price }.
renew-start-late = If the licence has expired, a penalty is added for each day late, up to a limit. You see every amount and its reason before you pay.
renew-start-time = How long it takes
renew-start-time-text = Filling it in takes about five minutes. If nothing has changed and the activity needs no inspection, the licence is issued within a minute of payment. Anything else is looked at by an officer within { $days ->
    [one] one working day
   *[other] { $days } working days
}.
renew-start-when = Renewal opens { $days ->
    [one] one day
   *[other] { $days } days
} before expiry.
renew-start-now = Start renewal

# My licences
renew-licences-title = My licences
renew-licences-lead = Choose the licence you want to renew.
renew-licences-none = There are no licences in your name
renew-licences-none-text = If you have a licensed shop and do not see it here, contact us so that we link it to your civil ID.
renew-under-way = You have started to renew this licence and have not finished.
renew-continue = Continue the renewal
renew-cannot = It cannot be renewed now
renew-violations = Violation numbers:
renew-comma = ,
renew-this = Renew this licence, fee { $amount }

# Details on file
renew-details-title = Are these details right?
renew-unchanged = Is everything still as it is here?
renew-unchanged-yes = Yes, nothing has changed
renew-unchanged-yes-hint = The licence is issued right after payment, unless the activity needs an inspection.
renew-unchanged-no = No, something has changed
renew-unchanged-no-hint = An officer looks at what has changed within { $days ->
    [one] one working day
   *[other] { $days } working days
}.
renew-change = What has changed?
renew-change-hint = If something has changed, write it in your own words, for example: we moved into the unit next door.
renew-phone = Phone for messages about this application
renew-phone-hint = Correct it if it has changed. Arabic and Western digits are both accepted.
renew-continue-to-check = Continue to check your answers

# Check
renew-check-title = Check your application before you pay
renew-answer-unchanged = Details on file
renew-answer-changed-no = Right and unchanged
renew-answer-changed-yes = Something has changed
renew-fee = Fee
renew-total = Total
renew-instant = Issued within a minute
renew-instant-text = After payment the signed licence is issued without waiting for an officer.
renew-looked-at = An officer looks at it first
renew-looked-at-text = You do not pay now. An officer looks at your application within { $days ->
    [one] one working day
   *[other] { $days } working days
}, then you get a message to pay.
renew-pay = Pay { $amount }
renew-send = Send the application

# After sending
renew-state-title-submitted = We have your application
renew-state-title-awaiting-documents = We need a document from you
renew-state-title-under-review = We have your application, and an officer is looking at it
renew-state-title-inspection-due = Your application waits for an inspection of the shop
renew-state-title-inspected = Your shop has been inspected
renew-state-title-approved-awaiting-payment = Payment is all that is left
renew-state-title-paid = Payment received
renew-state-title-issued = Your licence is issued
renew-state-title-rejected = The application was not accepted
renew-state-title-withdrawn = The application was withdrawn
renew-issued-text = The new licence is valid until { $until }. Download it, print it and hang it in the shop. Anyone who scans its code can check it.
renew-signing = We are preparing and signing your licence
renew-signing-text = This usually takes less than a minute. You can close the page: you get a message when it is issued.
renew-refresh = Refresh the page
renew-frozen = This payment is stopped for review
renew-asking = We are asking the bank about your payment
renew-asking-text = Do not pay again. If the amount was taken, we record it when the bank answers, and you get a message.
renew-unfinished = You opened the payment page and did not finish
renew-unfinished-text = Press the button to go back to the same payment page. You will not be charged twice.
renew-approved-text = Your application is approved. Pay the fee and the licence is issued.
renew-why-reviewed = Why it is being looked at
renew-reason-activity-needs-inspection = The shop’s activity needs an inspection before every renewal.
renew-reason-details-changed = You said that some of the details have changed.
renew-reason-long-expired = The licence expired more than a year ago.
renew-next = What happens next?
renew-next-reviewed = An officer looks at your application within { $days ->
    [one] one working day
   *[other] { $days } working days
}. You pay nothing before that.
renew-next-message = We send you a message on { $phone } at every step.
renew-stopped-rejected = Your application was not accepted. Contact us to learn what is missing, then apply again.
renew-stopped-withdrawn = The application was withdrawn as you wished, and you owe nothing. You can apply again whenever you like.
renew-about = About this application
renew-submitted = Sent on
renew-withdraw = I want to withdraw the application
renew-withdraw-text = The application stops and you pay nothing. Withdrawing cannot be undone, but you can apply again.
renew-withdraw-button = Withdraw the application

# Following up
track-title = Follow your application
track-lead = Type the application number to see where it is. No personal details are shown here.
track-hint = It is in the message you received, such as HR-7K3M-9QXD
track-button = Show where it is
track-service = Service
track-changed = Last change
track-next-draft = The applicant has started and not sent it yet.
track-next-submitted = The application has arrived.
track-next-under-review = An officer looks at it within { $days ->
    [one] one working day
   *[other] { $days } working days
} of its being sent.
track-next-inspection-due = An inspector visits the shop, then the application goes on.
track-next-inspected = The shop has been inspected, and the decision is near.
track-next-approved-awaiting-payment = Approved. The applicant still has to pay the fee on the page “My licences”.
track-next-paid = Payment has arrived and the licence is being signed.
track-next-issued = The licence is issued; its holder downloads it on the page “My licences”.
track-next-rejected = The application was not accepted.
track-next-withdrawn = The applicant withdrew it.

# Verification
verify-title = Verify a licence
verify-lead = Make sure that a licence is genuine and in force. You need no account, and we do not keep what you send.
verify-by-number = By licence number
verify-number-hint = The number at the top of the licence, such as HL-2024-00417
verify-number-button = Verify the number
verify-by-file = By the licence file
verify-file = PDF file
verify-file-hint = The original file as it was downloaded, not a picture of it. Up to 10 MB.
verify-file-button = Verify the file
verify-by-token = By the printed code
verify-token-text = Scan the square code on the licence with your phone’s camera, and this service opens with the answer. Or paste the link that the camera read here.
verify-token = Code of the licence
verify-token-hint = The whole link, or what follows its # sign
verify-token-button = Verify the code
verify-scanned-title = Verifying the licence you scanned
verify-scanned-lead = The answer appears in a moment.
verify-scanned-hint = If the answer does not appear by itself, paste the link that the camera read here and press the button.
verify-another = Verify another licence

verdict-valid = The licence is genuine and in force
verdict-expired = The licence is genuine but has expired
verdict-not-yet-valid = The licence is genuine but has not begun
verdict-suspended = The licence is suspended
verdict-cancelled = The licence is cancelled
verdict-not-genuine = This file is not a genuine licence
verdict-valid-text = Issued by this municipality and in force today
verdict-expired-text = Issued by this municipality; its term has ended
verdict-not-yet-valid-text = Issued by this municipality; it begins later
verdict-suspended-text = The municipality suspended it after it was issued
verdict-cancelled-text = It was cancelled after it was issued and no longer stands
verdict-not-genuine-why = Do not rely on it
verdict-next-valid = Compare the details below with the paper and with the name of the shop.
verdict-next-expired = It may not be used. Ask the shop for its renewed licence.
verdict-next-not-yet-valid = Ask the shop for the licence that is in force today.
verdict-next-suspended = It may not be used until the suspension is lifted. Tell the municipality if the shop is open.
verdict-next-cancelled = It may not be used. Tell the municipality if the shop is open.
verdict-renewed = This licence was renewed after this paper, and is in force until { $until }. Ask for the newer paper.
verdict-signed-at = Signed on
verdict-by-number = This answer is from the municipality’s register. A number alone does not prove that the paper is original: scan its code or verify its file.
verdict-by-file = We checked the file’s signature, the code printed in it, and the municipality’s register.
verdict-by-token = We checked the code’s signature and the municipality’s register. Compare the name and the parcel with the paper.

# Refusals
refusal-renewal-not-open = Renewal opens on { $opens_on }: the licence is valid until { $expires_on }.
refusal-licence-suspended = The licence is suspended and cannot be renewed until the suspension is lifted. Ask the municipality what is needed.
refusal-licence-cancelled = This licence has ended for good and cannot be renewed. To open the shop, apply for a new licence.
refusal-violation-unpaid = The shop has { $count ->
    [one] one unpaid violation
   *[other] { $count } unpaid violations
}, { $amount } in all. Pay at the Public Service Centre, then renew.
refusal-renewal-not-offered = This kind of licence cannot be renewed online yet. Please visit the Public Service Centre.
refusal-action-not-allowed = This cannot be done while the application is where it is now. Open its page to see where it stands and what you can do.
refusal-not-confirmed = Confirm your details first, then send the application.
refusal-choice-missing = Choose: are the details as they were, or has something changed?
refusal-change-missing = Write what has changed, a few words are enough.
refusal-phone-malformed = Type a valid phone number of eight digits, such as 50001108, or an international one that begins with +.
refusal-application-unknown = There is no application with this number. Check it in the message you received; it is two letters and eight characters.
refusal-licence-unknown = There is no licence with this number in our register. Check the number on the paper; if it is as you typed it, do not rely on the paper, and tell the municipality.
refusal-licence-file-missing = There is no signed file for licence { $number }: it was issued on paper before this service, or is being signed now. The file comes with the next renewal.
refusal-verification-busy = Many files are being verified right now. Send yours again in a minute, or verify by licence number.
