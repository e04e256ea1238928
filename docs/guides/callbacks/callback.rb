# Verifies a callback: ruby callback.rb '<its query>' prints success or failed, or ends with 1 when it is forged.
require "openssl"
require "uri"

said = URI.decode_www_form(ARGV[0]).to_h
signed = said.values_at("order_id", "payment_id", "status").join("|")
expected = OpenSSL::HMAC.hexdigest("SHA256", ENV.fetch("GLOMOPAY_SECRET_KEY"), signed)
given = said.fetch("signature", "")
genuine = given.bytesize == expected.bytesize && OpenSSL.fixed_length_secure_compare(given, expected)
exit 1 unless genuine
puts said["status"]
