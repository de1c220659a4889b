# Messages sent

outbox-title = Messages sent
outbox-lead = Every message the municipality wrote to applicants, and what became of it. Newest first.
outbox-sms = Text message
outbox-email = E-mail
outbox-parts = { $parts ->
    [one] as long as one message
   *[other] as long as { $parts } messages
}
outbox-reason = What went wrong at the last try
outbox-none = No messages here
outbox-none-text = Messages appear here when people sign in or their applications move on.
outbox-template-sign-in-code = Sign-in code
outbox-template-application-received = Application received
outbox-template-application-stopped = Application stopped
outbox-template-payment-received = Payment received
outbox-template-payment-failed = Payment not completed
outbox-template-licence-issued = Licence issued

refusal-message-unknown = There is no text for the message “{ $template }”.
refusal-message-undeliverable = The message could not be delivered: { $reason }
refusal-receipt-early = This tells of a message that is still being handed over. Send it again shortly.
