"""The words of a response that tell nothing about anybody."""

__all__ = ["WORDS"]

WORDS = frozenset(
    """
    a about absent accept accepted access account accounts action active additional after again allowed already also an
    and api application approved are as at attempt attempts auth authenticate authentication authorization authorized
    bad balance be been before blocked body bot botpenguin but by call can canceled cannot carrier caused channel check
    code codes combination completed concurrent confirmation confirmed contact contain correct could country create
    created credentials current customer daily data day days delivered denied destination detail details did digits
    disabled do does done due duplicate empty enabled enter error errors exceeded exist exists expired expires fail
    failed failure false feature few field fields for forbidden format found from gateway generated geo get had handset
    has have header hour hours html http https id if in inactive incorrect input insufficient integration integrations
    internal invalid is it item json key later least limit list login match matched matches max maximum maybe media
    message messages messaging method minute minutes mismatch missing mobile more most must name needs new no not
    nothing null number numbers of off ok on one only or other otp our out outbound page parameter parameters parse
    password pending penguin permission permitted phone please provided provider purchase queued rate re read reached
    received record records region registered rejected request requests required resend resource response result retry
    route scheduled second seconds send sender sending sent server service session short shortcode sid sms state status
    string submitted success successful successfully support supported system temporarily temporary text than that the
    this time timeout to token too trial true try twilio type unable unauthorized undefined undelivered unexpected
    unknown unreachable unsupported unverified updated url usd use used user username valid validation value
    verification verified verify version via wait was went were whatsapp while with without wrong yes you your
    """.split()  # noqa: SIM905  # four hundred quotes would hide the words
)
"""Words that tell nothing about anybody; in a text of a response, every other word is replaced."""
